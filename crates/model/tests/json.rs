//! JSON is read as serde_json reads it, but for arrays in the place of objects.

use model::json::from_str;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Debug, PartialEq, Deserialize)]
struct Inner {
    name: String,
    #[serde(default)]
    size: Option<u32>,
}

#[derive(Debug, PartialEq, Deserialize)]
enum Kind {
    None,
    One(Inner),
    Two { both: [u8; 2] },
}

#[derive(Debug, PartialEq, Deserialize)]
struct Outer {
    all: Vec<Inner>,
    by: BTreeMap<u32, Inner>,
    kinds: Result<Vec<Kind>, String>,
}

#[test]
fn what_serde_json_reads_is_read_the_same() {
    let text = r#"{"all":[{"name":"a\n","size":3},{"name":"b","size":null,"new":[1,{}]}],"by":{"7":{"name":"c"}},
        "kinds":{"Ok":["None",{"One":{"name":"d"}},{"Two":{"both":[1,2]}}]}}"#;
    assert_eq!(from_str::<Outer>(text).expect("JSON"), serde_json::from_str(text).expect("JSON"));
}

#[test]
fn an_array_is_no_object_and_nothing_may_follow() {
    assert!(serde_json::from_str::<Inner>(r#"["a", 3]"#).is_ok());
    assert!(from_str::<Inner>(r#"["a", 3]"#).is_err());
    assert!(from_str::<Vec<Inner>>(r#"[["a", 3]]"#).is_err());
    assert!(from_str::<Inner>(r#"{"name":"a"} {}"#).is_err());
    assert!(from_str::<Inner>(r#"{"size":1}"#).is_err());
}

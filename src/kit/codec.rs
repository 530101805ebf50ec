//! One path, two bodies: a program posts JSON, a page without scripting posts a form, and both
//! reach the same server function.

use crate::kit::error::Refused;
use model::error::{AppError, ErrorBody};
use serde::{Serialize, de::DeserializeOwned};
use server_fn::{
    Bytes, Protocol,
    client::Client,
    request::{ClientReq, Req},
    response::{ClientRes, TryRes},
    server::Server,
};
use std::future::Future;

const JSON: &str = "application/json";
/// What a form's fields are posted as, where no files come with them.
pub const FORM: &str = "application/x-www-form-urlencoded";

/// A server function's protocol: `POST`, the body read as its `Content-Type` says, JSON back.
pub struct JsonOrForm;

impl<Input, Output, C, S> Protocol<Input, Output, C, S, Refused> for JsonOrForm
where
    Input: Serialize + DeserializeOwned + Send,
    Output: Serialize + DeserializeOwned + Send,
    C: Client<Refused>,
    S: Server<Refused>,
{
    const METHOD: http::Method = http::Method::POST;

    async fn run_server<F, Fut>(request: S::Request, server_fn: F) -> Result<S::Response, Refused>
    where
        F: Fn(Input) -> Fut + Send,
        Fut: Future<Output = Result<Output, Refused>> + Send,
    {
        let content_type = request.to_content_type().unwrap_or_default().into_owned();
        let body = request.try_into_bytes().await?;
        respond::<_, S::Response>(server_fn(decode(&content_type, &body)?).await?)
    }

    async fn run_client(path: &str, input: Input) -> Result<Output, Refused> {
        let json = serde_json::to_string(&input).map_err(AppError::malformed)?;
        read_answer(&exchange::<C>(C::Request::try_new_post(path, JSON, JSON, json)?).await?)
    }
}

/// A server function's protocol for reading: `GET`, its arguments in the query, JSON back.
pub struct Query;

impl<Input, Output, C, S> Protocol<Input, Output, C, S, Refused> for Query
where
    Input: Serialize + DeserializeOwned + Send,
    Output: Serialize + DeserializeOwned + Send,
    C: Client<Refused>,
    S: Server<Refused>,
{
    const METHOD: http::Method = http::Method::GET;

    async fn run_server<F, Fut>(request: S::Request, server_fn: F) -> Result<S::Response, Refused>
    where
        F: Fn(Input) -> Fut + Send,
        Fut: Future<Output = Result<Output, Refused>> + Send,
    {
        let query = request.as_query().unwrap_or_default();
        let input = serde_urlencoded::from_str(query).map_err(AppError::malformed)?;
        respond::<_, S::Response>(server_fn(input).await?)
    }

    async fn run_client(path: &str, input: Input) -> Result<Output, Refused> {
        let query = serde_urlencoded::to_string(&input).map_err(AppError::malformed)?;
        read_answer(&exchange::<C>(C::Request::try_new_get(path, FORM, JSON, &query)?).await?)
    }
}

fn respond<Output: Serialize, Response: TryRes<Refused>>(output: Output) -> Result<Response, Refused> {
    let json = serde_json::to_vec(&output).map_err(AppError::malformed)?;
    Response::try_from_bytes(JSON, Bytes::from(json))
}

/// Sends a request; the answer's body. Apart from the functions' types, so that the page holds it once.
async fn exchange<C: Client<Refused>>(request: C::Request) -> Result<String, Refused> {
    let response = C::send(request).await?;
    let failed = (400..=599).contains(&response.status());
    let body = response.try_into_string().await?;
    if failed {
        // Something between the page and the server may answer with a body that is not ours.
        return Err(Refused(
            model::json::from_str(&body)
                .map_or_else(|_| AppError::unreachable(), |ErrorBody { error }| error),
        ));
    }
    Ok(body)
}

/// Posts JSON to an address of ours, for a view; the answer's body.
pub async fn post(path: &str, json: String) -> Result<String, Refused> {
    type Browser = server_fn::client::browser::BrowserClient;
    type Request = <Browser as Client<Refused>>::Request;
    exchange::<Browser>(<Request as ClientReq<Refused>>::try_new_post(path, JSON, JSON, json)?).await
}

/// Asks an address of ours, for a view; the answer's body.
pub async fn get(path: &str) -> Result<String, Refused> {
    type Browser = server_fn::client::browser::BrowserClient;
    type Request = <Browser as Client<Refused>>::Request;
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    exchange::<Browser>(<Request as ClientReq<Refused>>::try_new_get(path, FORM, JSON, query)?).await
}

fn read_answer<Output: DeserializeOwned>(body: &str) -> Result<Output, Refused> {
    Ok(model::json::from_str(body).map_err(AppError::malformed)?)
}

/// Reads a body as its content type says. Errors: `malformed`.
pub fn decode<T: DeserializeOwned>(content_type: &str, body: &[u8]) -> Result<T, AppError> {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case(FORM) {
        // A name may come more than once: a list.
        serde_html_form::from_bytes(body).map_err(AppError::malformed)
    } else if essence.eq_ignore_ascii_case(JSON) {
        serde_json::from_slice(body).map_err(AppError::malformed)
    } else {
        Err(AppError::malformed(format!("send {JSON} or {FORM}")))
    }
}

/// Whether a body with this content type comes from a form without scripting.
pub fn is_form(content_type: &str) -> bool {
    content_type.split(';').next().is_some_and(|essence| essence.trim().eq_ignore_ascii_case(FORM))
}

//! The server's entry.

fn main() -> std::process::ExitCode {
    sotto::cli::main()
}

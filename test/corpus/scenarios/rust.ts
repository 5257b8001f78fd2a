import { httpBase, ports } from '../ports.ts';
import type { ToolScenarios } from '../scenario.ts';

const cargoToml = (dependencies = '', more = ''): string => `[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n\n[dependencies]\n${dependencies}\n${more}`;

const registry = (address: string): string => `[source.crates-io]\nreplace-with = "acme"\n[source.acme]\nregistry = "sparse+${address}/"\n[net]\nretry = 0\n`;

const manyTests = Array.from({ length: 1100 }, (_, index) => `    #[test]\n    fn retry_error_case_${index}() {\n        assert_eq!(super::delay(${index}), ${index === 611 ? 0 : `${index} * 2`});\n    }`).join('\n');

/** cargo. */
export const cargo: ToolScenarios = {
  tool: 'cargo',
  version: 'cargo --version',
  needs: ['cargo'],
  scenarios: [
    { id: 'cargo-test', title: 'One of 1,100 tests fails', fails: ['test.assert', 'never-fixable'], files: { 'Cargo.toml': cargoToml(), 'src/lib.rs': `pub fn delay(n: u64) -> u64 {\n    n * 2\n}\n\n#[cfg(test)]\nmod tests {\n${manyTests}\n}\n` }, run: 'cargo test', ci: true, cause: /assertion `left == right` failed/, limitSeconds: 300 },
    { id: 'cargo-locked', title: 'The lock file would change under --locked', fails: ['dep.lockfile', 'never-fixable'], files: { 'Cargo.toml': cargoToml('itoa = "1"'), 'src/lib.rs': '' }, run: 'cargo build --locked', cause: /cannot (create|update) the lock file .* because --locked was passed/ },
    { id: 'cargo-no-version', title: 'A version that was never published', fails: ['dep.missing', 'never-fixable'], files: { 'Cargo.toml': cargoToml('itoa = "99"'), 'src/lib.rs': '' }, run: 'cargo build', cause: /failed to select a version for the requirement `itoa/ },
    { id: 'cargo-no-crate', title: 'A crate that the registry does not have', fails: ['dep.missing', 'never-fixable'], files: { 'Cargo.toml': cargoToml('acme-client = "1"'), 'src/lib.rs': '', '.cargo/config.toml': registry(`${httpBase}/status/404`) }, run: 'cargo build', cause: /error: (no matching package named|failed to)|config\.json/ },
    { id: 'cargo-503', title: 'The registry is down', fails: ['remote.outage', 'backoff'], files: { 'Cargo.toml': cargoToml('itoa = "1"'), 'src/lib.rs': '', '.cargo/config.toml': registry(`${httpBase}/status/503`) }, run: 'cargo build', cause: /got 503/ },
    { id: 'cargo-refused', title: 'Nothing listens where the registry should', fails: ['network', 'backoff'], files: { 'Cargo.toml': cargoToml('itoa = "1"'), 'src/lib.rs': '', '.cargo/config.toml': registry(`http://127.0.0.1:${ports.refused}`).replace('retry = 0', 'retry = 2') }, run: 'cargo build', cause: /spurious network error|Couldn't connect to server|Could not connect/ },
    { id: 'cargo-offline', title: 'A crate that is not in the cache, without network', fails: ['dep.missing', 'never-fixable'], files: { 'Cargo.toml': cargoToml('itoa = "1"'), 'src/lib.rs': '' }, run: 'cargo build --offline', cause: /no matching package named `itoa` found|you're using offline mode/ },
    { id: 'cargo-features', title: 'A feature that the crate does not have', fails: ['config.invalid', 'never-fixable'], files: { 'Cargo.toml': cargoToml(), 'src/lib.rs': '' }, run: 'cargo build --features tls', cause: /does not (contain|have) (this|the|these) feature/ },
    { id: 'cargo-manifest', title: 'A Cargo.toml that does not parse', fails: ['config.invalid', 'never-fixable'], files: { 'Cargo.toml': '[package\nname = "app"\n', 'src/lib.rs': '' }, run: 'cargo build', cause: /error: (unclosed table|invalid table header|expected)/ },
    { id: 'cargo-no-manifest', title: 'No Cargo.toml in the folder', fails: ['config.invalid', 'never-fixable'], run: 'cargo build', cause: /could not find `Cargo\.toml`/ },
    { id: 'cargo-rust-version', title: 'The package asks for a newer Rust', fails: ['env.toolchain', 'never-fixable'], files: { 'Cargo.toml': cargoToml().replace('edition', 'rust-version = "1.999"\nedition'), 'src/lib.rs': '' }, run: 'cargo build', cause: /rustc .* is not supported by the following package/ },
    { id: 'cargo-toolchain', title: 'A toolchain that is not installed', fails: ['env.toolchain', 'never-fixable'], needs: ['rustup'], env: { RUSTUP_AUTO_INSTALL: '0' }, files: { 'Cargo.toml': cargoToml(), 'src/lib.rs': '', 'rust-toolchain.toml': '[toolchain]\nchannel = "1.60.0"\n' }, run: 'cargo build', cause: /toolchain '1\.60\.0.*' is not installed/ },
    { id: 'cargo-fmt', title: 'Code that is not formatted', fails: ['lint', 'never-fixable'], needs: ['rustfmt'], files: { 'Cargo.toml': cargoToml(), 'src/lib.rs': 'pub fn a( )->u8{1}\n' }, run: 'cargo fmt --check', cause: /^Diff in/ },
    { id: 'cargo-panic', title: 'A program panics', fails: ['code.runtime', 'never-fixable'], files: { 'Cargo.toml': cargoToml(), 'src/main.rs': 'fn main() {\n    let port: Option<u16> = std::env::args().nth(9).and_then(|a| a.parse().ok());\n    println!("{}", port.expect("port is set"));\n}\n' }, run: 'cargo run -q', cause: /port is set/ },
    { id: 'cargo-build-script', title: 'A build script that finds no native library', fails: ['dep.native', 'never-fixable'], files: { 'Cargo.toml': cargoToml(), 'src/lib.rs': '', 'build.rs': 'fn main() {\n    let out = std::process::Command::new("pkg-config").args(["--libs", "libacme"]).output().unwrap();\n    if !out.status.success() { panic!("{}", String::from_utf8_lossy(&out.stderr)); }\n}\n' }, needs: ['pkg-config'], run: 'cargo build', cause: /Package libacme was not found in the pkg-config search path/ },
    { id: 'cargo-build-passes', title: 'A build with warnings', passes: true, files: { 'Cargo.toml': cargoToml('itoa = "1.0.11"'), 'src/lib.rs': 'fn unused() {}\n' }, run: 'cargo build', ci: true },
    { id: 'cargo-test-passes', title: 'All tests pass', passes: true, files: { 'Cargo.toml': cargoToml(), 'src/lib.rs': '#[test]\nfn error_is_mapped() {}\n#[test]\n#[should_panic(expected = "refused")]\nfn refuses() { panic!("refused"); }\n' }, run: 'cargo test' },
  ],
};

const rustc1 = (id: string, title: string, source: string, cause: RegExp): ToolScenarios['scenarios'][number] => ({
  id,
  title,
  fails: ['code.compile', 'never-fixable'],
  files: { 'main.rs': source },
  run: 'rustc main.rs',
  cause,
});

/** rustc. */
export const rustc: ToolScenarios = {
  tool: 'rustc',
  version: 'rustc --version',
  needs: ['rustc'],
  scenarios: [
    rustc1('rustc-mismatched', 'Mismatched types', 'fn main() {\n    let port: u16 = "80";\n}\n', /error\[E0308\]: mismatched types/),
    rustc1('rustc-moved', 'A value used after it was moved', 'fn main() {\n    let a = String::new();\n    let b = a;\n    println!("{a}{b}");\n}\n', /error\[E0382\]: borrow of moved value/),
    rustc1('rustc-borrow', 'Two borrows that exclude each other', 'fn main() {\n    let mut v = vec![1];\n    let first = &v[0];\n    v.push(2);\n    println!("{first}");\n}\n', /error\[E0502\]: cannot borrow `v` as mutable/),
    rustc1('rustc-trait', 'A trait that is not implemented', 'struct Id;\nfn main() {\n    println!("{}", Id);\n}\n', /error\[E0277\]: `Id` doesn't implement/),
    rustc1('rustc-method', 'A method that does not exist', 'fn main() {\n    let n = 3u8.pown(2);\n    println!("{n}");\n}\n', /error\[E0599\]: no method named `pown`/),
    rustc1('rustc-lifetime', 'A missing lifetime', 'fn first(a: &str, b: &str) -> &str { a }\nfn main() {}\n', /error\[E0106\]: missing lifetime specifier/),
    rustc1('rustc-match', 'A match that is not exhaustive', 'enum State { On, Off }\nfn main() {\n    match State::On { State::On => {} }\n}\n', /error\[E0004\]: non-exhaustive patterns/),
    { id: 'rustc-import', title: 'A crate that is not linked', fails: ['code.import', 'never-fixable'], files: { 'main.rs': 'use serde::Serialize;\nfn main() {}\n' }, run: 'rustc --edition 2021 --color always main.rs', cause: /error\[E0432\]: unresolved import `serde`/ },
    { id: 'rustc-linker', title: 'A linker that is not installed', fails: ['env.toolchain', 'never-fixable'], files: { 'main.rs': 'fn main() {}\n' }, run: 'rustc -C linker=acme-ld main.rs', cause: /error: linker `acme-ld` not found/ },
    { id: 'rustc-target', title: 'A target whose standard library is not installed', fails: ['env.toolchain', 'never-fixable'], files: { 'main.rs': 'fn main() {}\n' }, run: 'rustc --target aarch64-unknown-none main.rs', cause: /error\[E0463\]: can't find crate for `(std|core)`/ },
    { id: 'rustc-passes', title: 'A compilation with a warning', passes: true, files: { 'main.rs': 'fn main() {\n    let error = 1;\n}\n' }, run: 'rustc main.rs' },
  ],
};

/** Clippy. */
export const clippy: ToolScenarios = {
  tool: 'clippy',
  version: 'cargo clippy --version',
  needs: ['cargo', 'cargo-clippy'],
  scenarios: [
    { id: 'clippy-return', title: 'A needless return, warnings denied', fails: ['lint', 'never-fixable'], files: { 'Cargo.toml': cargoToml(), 'src/lib.rs': 'pub fn one() -> u8 {\n    return 1;\n}\n' }, run: 'cargo clippy -- -D warnings', cause: /error: unneeded `return` statement/ },
    { id: 'clippy-len', title: 'A comparison that is always the same', fails: ['lint', 'never-fixable'], files: { 'Cargo.toml': cargoToml(), 'src/lib.rs': 'pub fn any(a: usize) -> bool {\n    a >= 0\n}\n' }, run: 'cargo clippy --color always -- -D warnings', cause: /comparison is useless due to type limits|this comparison involving the minimum or maximum/ },
    { id: 'clippy-deny', title: 'unwrap is denied', fails: ['lint', 'never-fixable'], files: { 'Cargo.toml': cargoToml('', '\n[lints.clippy]\nunwrap_used = "deny"\n'), 'src/lib.rs': 'pub fn first(v: &[u8]) -> u8 {\n    *v.first().unwrap()\n}\n' }, run: 'cargo clippy', cause: /error: used `unwrap\(\)` on an `Option` value/ },
    { id: 'clippy-passes', title: 'Warnings only', passes: true, files: { 'Cargo.toml': cargoToml(), 'src/lib.rs': 'pub fn one() -> u8 {\n    return 1;\n}\n' }, run: 'cargo clippy' },
  ],
};

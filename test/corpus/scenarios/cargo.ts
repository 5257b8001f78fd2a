import { httpBase, ports } from '../ports.ts';
import type { ToolScenarios } from '../scenario.ts';

const cargoToml = (dependencies = '', more = ''): string =>
  `[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n\n[dependencies]\n${dependencies}\n${more}`;

const registry = (address: string): string =>
  `[source.crates-io]\nreplace-with = "acme"\n[source.acme]\nregistry = "sparse+${address}/"\n[net]\nretry = 0\n`;

const manyTests = Array.from(
  { length: 1100 },
  (_, index) =>
    `    #[test]\n    fn retry_error_case_${index}() {\n        assert_eq!(super::delay(${index}), ${index === 611 ? 0 : `${index} * 2`});\n    }`,
).join('\n');

/** cargo. */
export const cargo: ToolScenarios = {
  tool: 'cargo',
  version: 'cargo --version',
  needs: ['cargo'],
  scenarios: [
    {
      id: 'cargo-test',
      title: 'One of 1,100 tests fails',
      fails: ['test.assert', 'never-fixable'],
      files: {
        'Cargo.toml': cargoToml(),
        'src/lib.rs': `pub fn delay(n: u64) -> u64 {\n    n * 2\n}\n\n#[cfg(test)]\nmod tests {\n${manyTests}\n}\n`,
      },
      run: 'cargo test',
      ci: true,
      cause: /assertion `left == right` failed/,
      limitSeconds: 300,
    },
    {
      id: 'cargo-locked',
      title: 'The lock file would change under --locked',
      fails: ['dep.lockfile', 'never-fixable'],
      files: { 'Cargo.toml': cargoToml('itoa = "1"'), 'src/lib.rs': '' },
      run: 'cargo build --locked',
      cause: /cannot (create|update) the lock file .* because --locked was passed/,
    },
    {
      id: 'cargo-no-version',
      title: 'A version that was never published',
      fails: ['dep.missing', 'never-fixable'],
      files: { 'Cargo.toml': cargoToml('itoa = "99"'), 'src/lib.rs': '' },
      run: 'cargo build',
      cause: /failed to select a version for the requirement `itoa/,
    },
    {
      id: 'cargo-no-crate',
      title: 'A crate that the registry does not have',
      fails: ['dep.missing', 'never-fixable'],
      files: {
        'Cargo.toml': cargoToml('acme-client = "1"'),
        'src/lib.rs': '',
        '.cargo/config.toml': registry(`${httpBase}/crates`),
      },
      run: 'cargo build',
      cause: /no matching package named `acme-client` found/,
    },
    {
      id: 'cargo-503',
      title: 'The registry is down',
      fails: ['remote.outage', 'backoff'],
      files: {
        'Cargo.toml': cargoToml('itoa = "1"'),
        'src/lib.rs': '',
        '.cargo/config.toml': registry(`${httpBase}/status/503`),
      },
      run: 'cargo build',
      cause: /got 503/,
    },
    {
      id: 'cargo-refused',
      title: 'Nothing listens where the registry should',
      fails: ['network', 'backoff'],
      files: {
        'Cargo.toml': cargoToml('itoa = "1"'),
        'src/lib.rs': '',
        '.cargo/config.toml': registry(`http://127.0.0.1:${ports.refused}`).replace('retry = 0', 'retry = 2'),
      },
      run: 'cargo build',
      cause: /spurious network error|Couldn't connect to server|Could not connect/,
    },
    {
      id: 'cargo-offline',
      title: 'A crate that is not in the cache, without network',
      fails: ['dep.missing', 'never-fixable'],
      files: { 'Cargo.toml': cargoToml('itoa = "1"'), 'src/lib.rs': '' },
      run: 'cargo build --offline',
      cause: /you're using offline mode/,
    },
    {
      id: 'cargo-features',
      title: 'A feature that the crate does not have',
      fails: ['config.invalid', 'never-fixable'],
      files: { 'Cargo.toml': cargoToml(), 'src/lib.rs': '' },
      run: 'cargo build --features tls',
      cause: /does not (contain|have) (this|the|these) feature/,
    },
    {
      id: 'cargo-manifest',
      title: 'A Cargo.toml that does not parse',
      fails: ['config.invalid', 'never-fixable'],
      files: { 'Cargo.toml': '[package\nname = "app"\n', 'src/lib.rs': '' },
      run: 'cargo build',
      cause: /error: (unclosed table|invalid table header|expected)/,
    },
    {
      id: 'cargo-no-manifest',
      title: 'No Cargo.toml in the folder',
      fails: ['config.invalid', 'never-fixable'],
      run: 'cargo build',
      cause: /could not find `Cargo\.toml`/,
    },
    {
      id: 'cargo-rust-version',
      title: 'The package asks for a newer Rust',
      fails: ['env.toolchain', 'never-fixable'],
      files: {
        'Cargo.toml': cargoToml().replace('edition', 'rust-version = "1.999"\nedition'),
        'src/lib.rs': '',
      },
      run: 'cargo build',
      cause: /rustc .* is not supported by the following package/,
    },
    {
      id: 'cargo-toolchain',
      title: 'A toolchain that is not installed',
      fails: ['env.toolchain', 'never-fixable'],
      needs: ['rustup'],
      env: { RUSTUP_AUTO_INSTALL: '0' },
      files: {
        'Cargo.toml': cargoToml(),
        'src/lib.rs': '',
        'rust-toolchain.toml': '[toolchain]\nchannel = "1.60.0"\n',
      },
      run: 'cargo build',
      cause: /toolchain '1\.60\.0.*' is not installed/,
    },
    {
      id: 'cargo-fmt',
      title: 'Code that is not formatted',
      fails: ['lint', 'never-fixable'],
      needs: ['rustfmt'],
      files: { 'Cargo.toml': cargoToml(), 'src/lib.rs': 'pub fn a( )->u8{1}\n' },
      run: 'cargo fmt --check',
      cause: /^Diff in/,
    },
    {
      id: 'cargo-panic',
      title: 'A program panics',
      fails: ['code.runtime', 'never-fixable'],
      files: {
        'Cargo.toml': cargoToml(),
        'src/main.rs':
          'fn main() {\n    let port: Option<u16> = std::env::args().nth(9).and_then(|a| a.parse().ok());\n    println!("{}", port.expect("port is set"));\n}\n',
      },
      run: 'cargo run -q',
      cause: /port is set/,
    },
    {
      id: 'cargo-build-script',
      title: 'A build script that finds no native library',
      fails: ['dep.native', 'never-fixable'],
      files: {
        'Cargo.toml': cargoToml(),
        'src/lib.rs': '',
        'build.rs':
          'fn main() {\n    let out = std::process::Command::new("pkg-config").args(["--libs", "libacme"]).output().unwrap();\n    if !out.status.success() { panic!("{}", String::from_utf8_lossy(&out.stderr)); }\n}\n',
      },
      needs: ['pkg-config'],
      run: 'cargo build',
      cause: /Package libacme was not found in the pkg-config search path/,
    },
    {
      id: 'cargo-build-passes',
      title: 'A build with warnings',
      passes: true,
      files: { 'Cargo.toml': cargoToml('itoa = "1.0.11"'), 'src/lib.rs': 'fn unused() {}\n' },
      run: 'cargo build',
      ci: true,
    },
    {
      id: 'cargo-test-passes',
      title: 'All tests pass',
      passes: true,
      files: {
        'Cargo.toml': cargoToml(),
        'src/lib.rs':
          '#[test]\nfn error_is_mapped() {}\n#[test]\n#[should_panic(expected = "refused")]\nfn refuses() { panic!("refused"); }\n',
      },
      run: 'cargo test',
    },
  ],
};

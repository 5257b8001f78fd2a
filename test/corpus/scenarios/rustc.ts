import type { ToolScenarios } from '../scenario.ts';

const cargoToml = (dependencies = '', more = ''): string =>
  `[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n\n[dependencies]\n${dependencies}\n${more}`;

const rustc1 = (
  id: string,
  title: string,
  source: string,
  cause: RegExp,
): ToolScenarios['scenarios'][number] => ({
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
    rustc1(
      'rustc-mismatched',
      'Mismatched types',
      'fn main() {\n    let port: u16 = "80";\n}\n',
      /error\[E0308\]: mismatched types/,
    ),
    rustc1(
      'rustc-moved',
      'A value used after it was moved',
      'fn main() {\n    let a = String::new();\n    let b = a;\n    println!("{a}{b}");\n}\n',
      /error\[E0382\]: borrow of moved value/,
    ),
    rustc1(
      'rustc-borrow',
      'Two borrows that exclude each other',
      'fn main() {\n    let mut v = vec![1];\n    let first = &v[0];\n    v.push(2);\n    println!("{first}");\n}\n',
      /error\[E0502\]: cannot borrow `v` as mutable/,
    ),
    rustc1(
      'rustc-trait',
      'A trait that is not implemented',
      'struct Id;\nfn main() {\n    println!("{}", Id);\n}\n',
      /error\[E0277\]: `Id` doesn't implement/,
    ),
    rustc1(
      'rustc-method',
      'A method that does not exist',
      'fn main() {\n    let n = 3u8.pown(2);\n    println!("{n}");\n}\n',
      /error\[E0599\]: no method named `pown`/,
    ),
    rustc1(
      'rustc-lifetime',
      'A missing lifetime',
      'fn first(a: &str, b: &str) -> &str { a }\nfn main() {}\n',
      /error\[E0106\]: missing lifetime specifier/,
    ),
    rustc1(
      'rustc-match',
      'A match that is not exhaustive',
      'enum State { On, Off }\nfn main() {\n    match State::On { State::On => {} }\n}\n',
      /error\[E0004\]: non-exhaustive patterns/,
    ),
    {
      id: 'rustc-import',
      title: 'A crate that is not linked',
      fails: ['code.import', 'never-fixable'],
      files: { 'main.rs': 'use serde::Serialize;\nfn main() {}\n' },
      run: 'rustc --edition 2021 --color always main.rs',
      cause: /error\[E0432\]: unresolved import `serde`/,
    },
    {
      id: 'rustc-linker',
      title: 'A linker that is not installed',
      fails: ['env.toolchain', 'never-fixable'],
      files: { 'main.rs': 'fn main() {}\n' },
      run: 'rustc -C linker=acme-ld main.rs',
      cause: /error: linker `acme-ld` not found/,
    },
    {
      id: 'rustc-target',
      title: 'A target whose standard library is not installed',
      fails: ['env.toolchain', 'never-fixable'],
      files: { 'main.rs': 'fn main() {}\n' },
      run: 'rustc --target aarch64-unknown-none main.rs',
      cause: /error\[E0463\]: can't find crate for `(std|core)`/,
    },
    {
      id: 'rustc-passes',
      title: 'A compilation with a warning',
      passes: true,
      files: { 'main.rs': 'fn main() {\n    let error = 1;\n}\n' },
      run: 'rustc main.rs',
    },
  ],
};

/** Clippy. */
export const clippy: ToolScenarios = {
  tool: 'clippy',
  version: 'cargo clippy --version',
  needs: ['cargo', 'cargo-clippy'],
  scenarios: [
    {
      id: 'clippy-return',
      title: 'A needless return, warnings denied',
      fails: ['lint', 'never-fixable'],
      files: { 'Cargo.toml': cargoToml(), 'src/lib.rs': 'pub fn one() -> u8 {\n    return 1;\n}\n' },
      run: 'cargo clippy -- -D warnings',
      cause: /error: unneeded `return` statement/,
    },
    {
      id: 'clippy-len',
      title: 'A comparison that is always the same',
      fails: ['lint', 'never-fixable'],
      files: { 'Cargo.toml': cargoToml(), 'src/lib.rs': 'pub fn any(a: usize) -> bool {\n    a >= 0\n}\n' },
      run: 'cargo clippy --color always -- -D warnings',
      cause: /comparison is useless due to type limits|this comparison involving the minimum or maximum/,
    },
    {
      id: 'clippy-deny',
      title: 'unwrap is denied',
      fails: ['lint', 'never-fixable'],
      files: {
        'Cargo.toml': cargoToml('', '\n[lints.clippy]\nunwrap_used = "deny"\n'),
        'src/lib.rs': 'pub fn first(v: &[u8]) -> u8 {\n    *v.first().unwrap()\n}\n',
      },
      run: 'cargo clippy',
      cause: /error: used `unwrap\(\)` on an `Option` value/,
    },
    {
      id: 'clippy-passes',
      title: 'Warnings only',
      passes: true,
      files: { 'Cargo.toml': cargoToml(), 'src/lib.rs': 'pub fn one() -> u8 {\n    return 1;\n}\n' },
      run: 'cargo clippy',
    },
  ],
};

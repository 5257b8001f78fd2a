import { ports } from '../ports.ts';
import type { ToolScenarios } from '../scenario.ts';

const lists = (body: string): string => `cmake_minimum_required(VERSION 3.16)\nproject(app C)\n${body}\n`;

/** CMake and its test driver. */
export const cmake: ToolScenarios = {
  tool: 'cmake',
  version: 'cmake --version | head -n 1',
  needs: ['cmake', 'make', 'gcc'],
  scenarios: [
    {
      id: 'cmake-package',
      title: 'A package that is not on the machine',
      fails: ['dep.native', 'never-fixable'],
      files: { 'CMakeLists.txt': lists('find_package(Acme REQUIRED)') },
      run: 'cmake -B build',
      ci: true,
      cause:
        /Could not find a package configuration file provided by "Acme"|By not providing "FindAcme\.cmake"/,
    },
    {
      id: 'cmake-command',
      title: 'A command that does not exist',
      fails: ['config.invalid', 'never-fixable'],
      files: { 'CMakeLists.txt': lists('add_binary(app main.c)') },
      run: 'cmake -B build',
      cause: /Unknown CMake command "add_binary"/,
    },
    {
      id: 'cmake-source',
      title: 'A source that does not exist',
      fails: ['config.invalid', 'never-fixable'],
      files: { 'CMakeLists.txt': lists('add_executable(app main.c)') },
      run: 'cmake -B build',
      cause: /Cannot find source file/,
    },
    {
      id: 'cmake-version',
      title: 'The project asks for a newer CMake',
      fails: ['env.toolchain', 'never-fixable'],
      files: { 'CMakeLists.txt': 'cmake_minimum_required(VERSION 9.0)\n' },
      run: 'cmake -B build',
      cause: /CMake 9\.0 or higher is required/,
    },
    {
      id: 'cmake-compiler',
      title: 'A compiler that is not installed',
      fails: ['env.toolchain', 'never-fixable'],
      files: { 'CMakeLists.txt': lists('') },
      env: { CC: 'acme-cc' },
      run: 'cmake -B build',
      cause: /Could not find compiler set in environment variable CC/,
    },
    {
      id: 'cmake-no-lists',
      title: 'No CMakeLists.txt',
      fails: ['config.invalid', 'never-fixable'],
      run: 'cmake -S . -B build',
      cause: /does not appear to contain CMakeLists\.txt/,
    },
    {
      id: 'cmake-fetch',
      title: 'A download during the configuration fails',
      fails: ['network.refused', 'backoff'],
      files: {
        'CMakeLists.txt': lists(
          `file(DOWNLOAD http://127.0.0.1:${ports.refused}/acme.tar.gz acme.tar.gz STATUS s)\nlist(GET s 1 text)\nlist(GET s 0 code)\nif(code)\n  message(FATAL_ERROR "download of acme failed: \${text}")\nendif()`,
        ),
      },
      run: 'cmake -B build',
      cause: /download of acme failed: /,
    },
    {
      id: 'cmake-ctest',
      title: 'A test of ctest fails',
      fails: ['test.assert', 'never-fixable'],
      files: {
        'CMakeLists.txt': lists(
          'enable_testing()\nforeach(n RANGE 1 140)\n  add_test(NAME parse_${n} COMMAND true)\nendforeach()\nadd_test(NAME ledger COMMAND sh -c "echo balance 3 != 4; exit 1")\nforeach(n RANGE 1 260)\n  add_test(NAME retry_${n} COMMAND true)\nendforeach()',
        ),
      },
      run: 'cmake -B build > configure.log\nctest --test-dir build --output-on-failure',
      cause: /balance 3 != 4/,
    },
    {
      id: 'cmake-ctest-timeout',
      title: 'A test of ctest hangs',
      fails: ['test.timeout', 'once'],
      files: { 'CMakeLists.txt': lists('enable_testing()\nadd_test(NAME drain COMMAND sleep 30)') },
      run: 'cmake -B build > configure.log\nctest --test-dir build --timeout 1',
      cause: /\*\*\*Timeout/,
    },
    {
      id: 'cmake-passes',
      title: 'A configuration and a build',
      passes: true,
      files: {
        'CMakeLists.txt': lists('add_executable(app main.c)'),
        'main.c': 'int main(void) { return 0; }\n',
      },
      run: 'cmake -B build && cmake --build build',
      ci: true,
    },
  ],
};

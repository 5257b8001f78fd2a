import { httpBase } from '../ports.ts';
import type { ToolScenarios } from '../scenario.ts';

const main = (body: string): string =>
  `package com.acme;\n\npublic class App {\n  public static void main(String[] args) {\n    ${body}\n  }\n}\n`;

const app = 'src/main/java/com/acme/App.java';

const settings = { 'settings.gradle': "rootProject.name = 'app'\n" };

const javaPlugin = "apply plugin: 'java'\nrepositories { maven { url 'file:/usr/share/maven-repo' } }\n";

const gradleRun = (task: string): string => `gradle --no-daemon --console=plain ${task}`;

/** Gradle, as the distribution ships it. */
export const gradle: ToolScenarios = {
  tool: 'gradle',
  version: 'gradle --version | sed -n "s/^Gradle //p"',
  needs: ['gradle', 'javac'],
  scenarios: [
    {
      id: 'gradle-compile',
      title: 'A symbol that does not exist',
      fails: ['code.compile', 'never-fixable'],
      files: { ...settings, 'build.gradle': javaPlugin, [app]: main('System.out.println(total);') },
      run: gradleRun('build'),
      ci: true,
      cause: /error: cannot find symbol/,
      limitSeconds: 300,
    },
    {
      id: 'gradle-resolve',
      title: 'A dependency that no repository has',
      fails: ['dep.missing', 'never-fixable'],
      files: {
        ...settings,
        'build.gradle': `${javaPlugin}dependencies { compile 'com.acme:billing:3.1.0' }\n`,
        [app]: main(''),
      },
      run: gradleRun('build'),
      cause: /Could not find com\.acme:billing:3\.1\.0/,
      limitSeconds: 300,
    },
    {
      id: 'gradle-503',
      title: 'The company repository is down',
      fails: ['dep.remote', 'backoff'],
      files: {
        ...settings,
        'build.gradle': `apply plugin: 'java'\nrepositories { maven { url '${httpBase}/status/503' } }\ndependencies { compile 'com.acme:billing:3.1.0' }\n`,
        [app]: main(''),
      },
      run: gradleRun('build'),
      cause: /Received status code 503 from server/,
      limitSeconds: 300,
    },
    {
      id: 'gradle-403',
      title: 'The company repository refuses the request',
      fails: ['remote.blocked', 'wait'],
      files: {
        ...settings,
        'build.gradle': `apply plugin: 'java'\nrepositories { maven { url '${httpBase}/status/403' } }\ndependencies { compile 'com.acme:billing:3.1.0' }\n`,
        [app]: main(''),
      },
      run: gradleRun('build'),
      cause: /Could not GET .*403|403 from server: Forbidden/,
      limitSeconds: 300,
    },
    {
      id: 'gradle-task',
      title: 'A task that does not exist',
      fails: ['config.invalid', 'never-fixable'],
      files: { ...settings, 'build.gradle': javaPlugin },
      run: gradleRun('publishDocs'),
      cause: /Task 'publishDocs' not found in root project/,
      limitSeconds: 300,
    },
    {
      id: 'gradle-script',
      title: 'A build script with an unknown method',
      fails: ['config.invalid', 'never-fixable'],
      files: { ...settings, 'build.gradle': `${javaPlugin}dependecies { }\n` },
      run: gradleRun('build'),
      cause: /Could not find method dependecies\(\)/,
      limitSeconds: 300,
    },
    {
      id: 'gradle-plugin',
      title: 'A plugin that is not found',
      fails: ['dep.missing', 'never-fixable'],
      files: { ...settings, 'build.gradle': "apply plugin: 'com.acme.conventions'\n" },
      run: gradleRun('build'),
      cause: /Plugin with id 'com\.acme\.conventions' not found/,
      limitSeconds: 300,
    },
    {
      id: 'gradle-test',
      title: 'A check of the build fails',
      fails: ['test.assert', 'never-fixable'],
      files: {
        ...settings,
        'build.gradle':
          "task check { doLast { exec { commandLine 'sh', '-c', 'echo 3 of 40 links are dead; exit 3' } } }\n",
      },
      run: gradleRun('check'),
      cause: /3 of 40 links are dead/,
      limitSeconds: 300,
    },
    {
      id: 'gradle-passes',
      title: 'A build',
      passes: true,
      files: { ...settings, 'build.gradle': javaPlugin, [app]: main('System.out.println("error rate 0");') },
      run: gradleRun('build'),
      limitSeconds: 300,
    },
  ],
};

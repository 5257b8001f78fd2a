import type { ToolScenarios } from '../scenario.ts';

/** Ruby. */
export const ruby: ToolScenarios = {
  tool: 'ruby',
  version: 'ruby --version',
  needs: ['ruby'],
  scenarios: [
    {
      id: 'ruby-load',
      title: 'A library that is not installed',
      fails: ['code.import', 'never-fixable'],
      files: { 'app.rb': "require 'sinatra_acme'\n" },
      run: 'ruby app.rb',
      cause: /cannot load such file -- sinatra_acme \(LoadError\)/,
    },
    {
      id: 'ruby-nil',
      title: 'A method called on nil',
      fails: ['code.runtime', 'never-fixable'],
      files: { 'app.rb': 'config = {}\nputs config[:database].fetch(:host)\n' },
      run: 'ruby app.rb',
      cause: /undefined method `fetch' for nil:NilClass \(NoMethodError\)/,
    },
    {
      id: 'ruby-syntax',
      title: 'A missing end',
      fails: ['code.compile', 'never-fixable'],
      files: { 'app.rb': 'def port\n  80\n' },
      run: 'ruby app.rb',
      cause: /syntax error, unexpected end-of-input/,
    },
    {
      id: 'ruby-env',
      title: 'An environment variable that is not set',
      fails: ['env.config', 'never'],
      files: { 'app.rb': "puts ENV.fetch('STRIPE_KEY')\n" },
      run: 'ruby app.rb',
      cause: /key not found: "STRIPE_KEY" \(KeyError\)/,
    },
    {
      id: 'ruby-passes',
      title: 'A program with a rescued error',
      passes: true,
      files: {
        'app.rb': 'begin\n  Integer(\'x\')\nrescue ArgumentError => e\n  warn "ignored: #{e.message}"\nend\n',
      },
      run: 'ruby -w app.rb',
    },
  ],
};

/** Bundler. */
export const bundler: ToolScenarios = {
  tool: 'bundler',
  version: 'bundle --version',
  needs: ['ruby', 'bundle'],
  scenarios: [
    {
      id: 'bundler-gem',
      title: 'A gem that is not installed',
      fails: ['dep.missing', 'never-fixable'],
      files: { Gemfile: "source 'https://rubygems.org'\ngem 'acme_rack', '~> 3.0'\n" },
      run: 'bundle install --local',
      cause: /Could not find gem 'acme_rack/,
    },
    {
      id: 'bundler-ruby',
      title: 'The Gemfile asks for another Ruby',
      fails: ['env.toolchain', 'never-fixable'],
      files: { Gemfile: "source 'https://rubygems.org'\nruby '9.9.9'\n" },
      run: 'bundle install --local',
      cause: /Your Ruby version is .*, but your Gemfile specified 9\.9\.9/,
    },
    {
      id: 'bundler-gemfile',
      title: 'No Gemfile',
      fails: ['config.invalid', 'never-fixable'],
      run: 'bundle exec rake test',
      cause: /Could not locate Gemfile/,
    },
    {
      id: 'bundler-passes',
      title: 'An install without gems',
      passes: true,
      files: { Gemfile: "source 'https://rubygems.org'\n" },
      run: 'bundle install --local',
    },
  ],
};

/** PHP. */
export const php: ToolScenarios = {
  tool: 'php',
  version: 'php --version | head -n 1',
  needs: ['php'],
  scenarios: [
    {
      id: 'php-class',
      title: 'A class that is not loaded',
      fails: ['code.import', 'never-fixable'],
      files: { 'app.php': '<?php\nnew Acme\\Mailer();\n' },
      run: 'php app.php',
      cause: /Uncaught Error: Class "Acme\\Mailer" not found/,
    },
    {
      id: 'php-parse',
      title: 'A missing semicolon',
      fails: ['code.compile', 'never-fixable'],
      files: { 'app.php': '<?php\n$a = 1\n$b = 2;\n' },
      run: 'php -l app.php',
      cause: /Parse error: +syntax error, unexpected variable/,
    },
    {
      id: 'php-memory',
      title: 'More memory than the limit',
      fails: ['mem.oom', 'never-fixable'],
      files: { 'app.php': '<?php\n$rows = [];\nwhile (true) { $rows[] = str_repeat("x", 100000); }\n' },
      run: 'php -d memory_limit=16M app.php',
      cause: /Allowed memory size of \d+ bytes exhausted/,
    },
    {
      id: 'php-autoload',
      title: 'Dependencies were not installed',
      fails: ['dep.missing', 'never-fixable'],
      files: { 'app.php': "<?php\nrequire __DIR__ . '/vendor/autoload.php';\n" },
      run: 'php app.php',
      cause: /Failed to open stream: No such file or directory/,
    },
    {
      id: 'php-passes',
      title: 'A program with a deprecation notice',
      passes: true,
      files: { 'app.php': '<?php\nerror_reporting(E_ALL);\necho strlen(null), " errors\\n";\n' },
      run: 'php app.php',
    },
  ],
};

import { httpBase, ports } from '../ports.ts';
import type { ToolScenarios } from '../scenario.ts';

const mirrored = {
  'cli.tfrc': 'provider_installation {\n  filesystem_mirror {\n    path = "mirror"\n  }\n}\n',
};
const acmeProvider =
  'terraform {\n  required_providers {\n    acme = { source = "acme/acme", version = "1.0.0" }\n  }\n}\n';

/** Terraform. */
export const terraform: ToolScenarios = {
  tool: 'terraform',
  version: 'terraform version | head -n 1',
  needs: ['terraform'],
  scenarios: [
    {
      id: 'terraform-argument',
      title: 'An argument that the resource does not have',
      fails: ['config.invalid', 'never-fixable'],
      files: { 'main.tf': 'resource "terraform_data" "a" {\n  inputs = 1\n}\n' },
      prepare: 'terraform init -no-color > /dev/null',
      run: 'terraform validate -no-color',
      cause: /Error: Unsupported argument/,
    },
    {
      id: 'terraform-reference',
      title: 'A reference to a resource that is not declared',
      fails: ['config.invalid', 'never-fixable'],
      files: { 'main.tf': 'output "id" {\n  value = terraform_data.web.id\n}\n' },
      prepare: 'terraform init -no-color > /dev/null',
      run: 'terraform validate',
      cause: /Error: Reference to undeclared resource/,
    },
    {
      id: 'terraform-syntax',
      title: 'A block that is never closed',
      fails: ['config.invalid', 'never-fixable'],
      files: { 'main.tf': 'resource "terraform_data" "a" {\n  input = 1\n' },
      run: 'terraform init -no-color',
      cause: /Error: (Unclosed configuration block|Argument or block definition required)/,
    },
    {
      id: 'terraform-variable',
      title: 'A variable without a value',
      fails: ['env.config', 'never'],
      files: { 'main.tf': 'variable "region" {\n  type = string\n}\n' },
      prepare: 'terraform init -no-color > /dev/null',
      run: 'terraform plan -input=false -no-color',
      ci: true,
      cause: /Error: No value for required variable/,
    },
    {
      id: 'terraform-lock',
      title: 'Another run holds the lock of the state',
      fails: ['iac.lock', 'wait'],
      files: {
        'main.tf':
          'resource "terraform_data" "a" {\n  provisioner "local-exec" {\n    command = "sleep 6"\n  }\n}\n',
      },
      prepare: 'terraform init -no-color > /dev/null',
      run: 'terraform apply -auto-approve -no-color > other.log 2>&1 &\nuntil [ -e .terraform.tfstate.lock.info ]; do sleep 0.1; done\nterraform plan -no-color -lock-timeout=1s',
      cause: /Error: Error acquiring the state lock/,
    },
    {
      id: 'terraform-provider-dns',
      title: 'The registry of a provider does not resolve',
      fails: ['iac.remote', 'backoff'],
      files: { 'main.tf': acmeProvider.replace('acme/acme', 'registry.acme.invalid/acme/acme') },
      run: 'terraform init -no-color',
      cause: /Error: (Failed to query available provider packages|Invalid provider registry host)/,
    },
    {
      id: 'terraform-checksum',
      title: 'A provider that does not match the lock file',
      fails: ['iac.lockfile', 'never-fixable'],
      files: {
        ...mirrored,
        'main.tf': acmeProvider,
        'mirror/registry.terraform.io/acme/acme/1.0.0/linux_amd64/terraform-provider-acme_v1.0.0':
          '#!/bin/sh\nexit 1\n',
        '.terraform.lock.hcl':
          'provider "registry.terraform.io/acme/acme" {\n  version     = "1.0.0"\n  constraints = "1.0.0"\n  hashes = [\n    "h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",\n  ]\n}\n',
      },
      env: { TF_CLI_CONFIG_FILE: 'cli.tfrc' },
      run: 'terraform init -no-color',
      cause: /doesn't match any of the checksums|does not match any of the checksums/,
    },
    {
      id: 'terraform-not-initialised',
      title: 'The folder was not initialised',
      fails: ['config.invalid', 'never-fixable'],
      files: { 'main.tf': 'terraform {\n  backend "local" {\n    path = "state/app.tfstate"\n  }\n}\n' },
      run: 'terraform plan -no-color',
      cause: /Error: Backend initialization required/,
    },
    {
      id: 'terraform-provisioner',
      title: 'A step of an apply fails',
      fails: ['code.runtime', 'never-fixable'],
      files: {
        'main.tf':
          'resource "terraform_data" "node" {\n  count = 120\n  provisioner "local-exec" {\n    command = "if [ ${count.index} = 57 ]; then echo bootstrap of node 57 failed; exit 7; fi; echo node ${count.index} joined"\n  }\n}\n',
      },
      prepare: 'terraform init -no-color > /dev/null',
      run: 'terraform apply -auto-approve',
      ci: true,
      cause: /Error: local-exec provisioner error/,
    },
    {
      id: 'terraform-passes',
      title: 'A plan and an apply',
      passes: true,
      files: { 'main.tf': 'resource "terraform_data" "error_budget" {\n  input = 1\n}\n' },
      run: 'terraform init -no-color\nterraform apply -auto-approve -no-color',
    },
  ],
};

const keys = {
  AWS_ACCESS_KEY_ID: 'example',
  AWS_SECRET_ACCESS_KEY: 'example',
  AWS_DEFAULT_REGION: 'eu-west-1',
  AWS_MAX_ATTEMPTS: '1',
  AWS_EC2_METADATA_DISABLED: 'true',
};
const put = (server: string): string =>
  `aws --endpoint-url ${server} s3api put-object --bucket acme-artifacts --key app.zip --body app.zip`;
const body = { 'app.zip': 'content' };

/** The AWS command line. */
export const aws: ToolScenarios = {
  tool: 'aws',
  version: 'aws --version',
  needs: ['aws'],
  scenarios: [
    {
      id: 'aws-credentials',
      title: 'No credentials',
      fails: ['auth.iam', 'never'],
      files: body,
      env: { AWS_DEFAULT_REGION: 'eu-west-1', AWS_EC2_METADATA_DISABLED: 'true' },
      run: put(`${httpBase}/s3/denied`),
      cause: /Unable to locate credentials/,
    },
    {
      id: 'aws-denied',
      title: 'The role may not write the bucket',
      fails: ['auth.iam', 'never'],
      files: body,
      env: keys,
      run: put(`${httpBase}/s3/denied`),
      ci: true,
      cause: /An error occurred \(AccessDenied\)/,
    },
    {
      id: 'aws-expired',
      title: 'The session token has expired',
      fails: ['auth.expired', 'never'],
      files: body,
      env: keys,
      run: put(`${httpBase}/s3/expired`),
      cause: /An error occurred \(ExpiredToken\)/,
    },
    {
      id: 'aws-bucket',
      title: 'A bucket that does not exist',
      fails: ['remote.missing', 'never-fixable'],
      files: body,
      env: keys,
      run: put(`${httpBase}/s3/bucket`),
      cause: /An error occurred \(NoSuchBucket\)/,
    },
    {
      id: 'aws-slow-down',
      title: 'The store limits the rate',
      fails: ['limit.api', 'wait'],
      files: body,
      env: keys,
      run: put(`${httpBase}/s3/slow`),
      cause: /An error occurred \(SlowDown\)/,
    },
    {
      id: 'aws-endpoint',
      title: 'Nothing listens at the endpoint',
      fails: ['network.refused', 'backoff'],
      files: body,
      env: keys,
      run: put(`http://127.0.0.1:${ports.refused}`),
      cause: /Could not connect to the endpoint URL/,
    },
    {
      id: 'aws-passes',
      title: 'The configuration is listed',
      passes: true,
      env: keys,
      run: 'aws configure list',
    },
  ],
};

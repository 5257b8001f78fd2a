import { httpBase } from '../ports.ts';
import type { ToolScenarios } from '../scenario.ts';

const openAi = (url: string, more = ''): string =>
  `from openai import OpenAI\n\nclient = OpenAI(base_url='${url}', api_key='not-a-key', max_retries=0)\nanswer = client.chat.completions.create(model='gpt-4o', messages=[{'role': 'user', 'content': 'Why did the build fail?'}])\nprint(answer.choices[0].message.content)\n${more}`;

const claude = (url: string): string =>
  `import anthropic\n\nclient = anthropic.Anthropic(base_url='${url}', api_key='not-a-key', max_retries=0)\nanswer = client.messages.create(model='claude-sonnet-4-5', max_tokens=256, messages=[{'role': 'user', 'content': 'Why did the build fail?'}])\nprint(answer)\n`;

/** OpenAI's Python client. */
export const openai: ToolScenarios = {
  tool: 'openai',
  version: 'openai --version',
  needs: ['python3'],
  toolchains: ['python'],
  scenarios: [
    {
      id: 'openai-rate-limit',
      title: 'The provider limits the rate',
      fails: ['llm.limit', 'wait'],
      files: { 'triage.py': openAi(`${httpBase}/openai/rate-limit/v1`) },
      run: 'python triage.py',
      ci: true,
      cause: /openai\.RateLimitError: .*rate_limit_exceeded/,
    },
    {
      id: 'openai-overloaded',
      title: 'The provider is overloaded',
      fails: ['llm.overload', 'backoff'],
      files: { 'triage.py': openAi(`${httpBase}/openai/overloaded/v1`) },
      run: 'python triage.py',
      cause: /openai\.InternalServerError: .*overloaded/,
    },
    {
      id: 'openai-context',
      title: 'The prompt is longer than the model takes',
      fails: ['llm.context', 'never-fixable'],
      files: { 'triage.py': openAi(`${httpBase}/openai/context/v1`) },
      run: 'python triage.py',
      cause: /openai\.BadRequestError: .*context_length_exceeded/,
    },
    {
      id: 'openai-key',
      title: 'A key that is not valid',
      fails: ['auth.llm', 'never'],
      files: { 'triage.py': openAi(`${httpBase}/openai/key/v1`) },
      run: 'python triage.py',
      cause: /openai\.AuthenticationError: /,
    },
    {
      id: 'openai-no-key',
      title: 'No key',
      fails: ['env.config', 'never'],
      files: { 'triage.py': 'from openai import OpenAI\n\nOpenAI()\n' },
      run: 'python triage.py',
      cause: /The api_key client option must be set/,
    },
    {
      id: 'openai-connection',
      title: 'The provider cannot be reached',
      fails: ['network.dns', 'backoff'],
      files: { 'triage.py': openAi('https://llm.acme.invalid/v1') },
      run: 'python triage.py',
      cause: /openai\.APIConnectionError: Connection error/,
    },
    {
      id: 'openai-passes',
      title: 'An answer',
      passes: true,
      files: { 'triage.py': openAi(`${httpBase}/model/text/v1`) },
      run: 'python triage.py',
    },
  ],
};

/** Anthropic's Python client. */
export const anthropic: ToolScenarios = {
  tool: 'anthropic',
  version: 'python -c "import anthropic; print(anthropic.__version__)"',
  needs: ['python3'],
  toolchains: ['python'],
  scenarios: [
    {
      id: 'anthropic-overloaded',
      title: 'The provider is overloaded',
      fails: ['llm.overload', 'backoff'],
      files: { 'agent.py': claude(`${httpBase}/anthropic/overloaded`) },
      run: 'python agent.py',
      cause: /anthropic\..*overloaded_error/,
    },
    {
      id: 'anthropic-rate-limit',
      title: 'The provider limits the rate',
      fails: ['llm.limit', 'wait'],
      files: { 'agent.py': claude(`${httpBase}/anthropic/rate-limit`) },
      run: 'python agent.py',
      cause: /anthropic\.RateLimitError: Error code: 429/,
    },
    {
      id: 'anthropic-key',
      title: 'A key that is not valid',
      fails: ['auth.llm', 'never'],
      files: { 'agent.py': claude(`${httpBase}/anthropic/key`) },
      run: 'python agent.py',
      cause: /anthropic\.AuthenticationError: Error code: 401/,
    },
    {
      id: 'anthropic-context',
      title: 'The prompt is longer than the model takes',
      fails: ['llm.context', 'never-fixable'],
      files: { 'agent.py': claude(`${httpBase}/anthropic/context`) },
      run: 'python agent.py',
      cause: /anthropic\.BadRequestError: .*prompt is too long/,
    },
    {
      id: 'anthropic-passes',
      title: 'The client is made',
      passes: true,
      files: { 'agent.py': "import anthropic\n\nprint(anthropic.Anthropic(api_key='not-a-key').base_url)\n" },
      run: 'python agent.py',
    },
  ],
};

const agent = (
  kind: string,
  more: string,
  call: string,
): string => `from agents import Agent, Runner, function_tool, set_default_openai_api, set_default_openai_client, set_tracing_disabled
from openai import AsyncOpenAI
from pydantic import BaseModel

set_tracing_disabled(True)
set_default_openai_api('chat_completions')
set_default_openai_client(AsyncOpenAI(base_url='${httpBase}/${kind}/v1', api_key='not-a-key', max_retries=0))


class Plan(BaseModel):
    file: str
    patch: str


@function_tool
def run_tests(target: str) -> str:
    """Runs the tests of a target."""
    return f'{target}: 1 failed, 41 passed'


agent = Agent(name='fixer', instructions='Fix the build.', model='gpt-4o', tools=[run_tests]${more})
print(Runner.run_sync(agent, 'The unit tests fail.'${call}).final_output)
`;

/** OpenAI's agents library. */
export const agents: ToolScenarios = {
  tool: 'openai-agents',
  version: 'pip show openai-agents | sed -n "s/^Version: //p"',
  needs: ['python3'],
  toolchains: ['python'],
  scenarios: [
    {
      id: 'agents-turns',
      title: 'An agent uses up its turns',
      fails: ['agent.budget', 'never'],
      files: { 'fix.py': agent('model/loop', '', ', max_turns=3') },
      run: 'python fix.py',
      ci: true,
      cause: /agents\.exceptions\.MaxTurnsExceeded: Max turns \(3\) exceeded/,
    },
    {
      id: 'agents-output',
      title: 'An agent answers in prose where a schema was asked for',
      fails: ['agent.output', 'once'],
      files: { 'fix.py': agent('model/prose', ', output_type=Plan', '') },
      run: 'python fix.py',
      cause: /agents\.exceptions\.ModelBehaviorError: Invalid JSON/,
    },
    {
      id: 'agents-quota',
      title: 'The budget of an agent is used up',
      fails: ['llm.quota', 'never'],
      files: { 'fix.py': agent('openai/quota', '', '') },
      run: 'python fix.py',
      cause: /openai\.RateLimitError: .*insufficient_quota/,
    },
    {
      id: 'agents-pass',
      title: 'An agent answers',
      passes: true,
      files: { 'fix.py': agent('model/text', '', '') },
      run: 'python fix.py',
    },
  ],
};

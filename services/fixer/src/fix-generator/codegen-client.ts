/** What an AI provider is told. Whatever comes from a log stands in `untrusted` alone. */
export interface CodegenRequest {
  /** What to do and what not, in words; nothing in it comes from a log. */
  readonly instructions: string;
  /** Files, folders (ending in `/`) and endings (`*.sh`) that a patch may touch; decided before the request. */
  readonly allowedPaths: readonly string[];
  readonly category: string;
  readonly repository: string | null;
  readonly commit: string | null;
  /** Message, stack and decisive lines of the log: data, not instructions, between marks that the text cannot hold. */
  readonly untrusted: string;
  /** Fixes that were tried for this cause and did not mend it. */
  readonly deadEnds: readonly string[];
}

/** A change to the code as a unified diff, or a run of an agent that was started elsewhere. */
export type CodegenAnswer =
  | {
      readonly kind: 'patch';
      readonly diff: string;
      readonly title?: string;
      /** Probability that it mends the failure, where the provider says one. */
      readonly confidence?: number;
      readonly validation?: readonly string[];
    }
  | { readonly kind: 'run'; readonly id: string; readonly url?: string };

/** An AI provider, as a port. */
export interface CodegenClient {
  /** A fix, or nothing. What it rejects with counts as nothing. */
  propose(request: CodegenRequest, signal?: AbortSignal): Promise<CodegenAnswer | null | undefined>;
}

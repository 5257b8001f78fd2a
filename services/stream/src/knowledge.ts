/** One immutable version of something known, such as the rule pack. */
export interface Snapshot<Body> {
  /** Version as shown and stored: `<number>` from the store, or `baseline` for what ships with the code. */
  readonly version: string;
  /** SHA-256 of the body as canonical JSON, hex. */
  readonly sha256: string;
  readonly body: Body;
}

/** Bodies by kind, as a stage declares them. */
export type KnowledgeBodies = Readonly<Record<string, unknown>>;

/** The snapshots that a decision is given: one vector for a batch. */
export type Knowledge<Bodies extends KnowledgeBodies> = {
  readonly [Kind in keyof Bodies]: Snapshot<Bodies[Kind]>;
};

/** How a stage declares a kind: what ships with the code, and how a stored body is checked. */
export interface KnowledgeSpec<Body> {
  readonly baseline: Body;
  /** Returns the body, checked. Throws an error that names the field where it is malformed. */
  readonly parse: (stored: unknown) => Body;
}

/** All kinds that a stage declares. */
export type KnowledgeSpecs<Bodies extends KnowledgeBodies> = {
  readonly [Kind in keyof Bodies]: KnowledgeSpec<Bodies[Kind]>;
};

/** Versions by kind, as they are written on a record: `version@first twelve digits of the hash`. */
export function versionVector(knowledge: Knowledge<KnowledgeBodies>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(knowledge).map(([kind, { version, sha256 }]) => [
      kind,
      `${version}@${sha256.slice(0, 12)}`,
    ]),
  );
}

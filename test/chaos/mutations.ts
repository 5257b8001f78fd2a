/** Names of the guarantees that can be broken on purpose. */
export const mutationNames = ['none-yet'] as const;
/** Name of a mutation. */
export type MutationName = (typeof mutationNames)[number];

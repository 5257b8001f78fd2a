/** The name and the dependencies of a workspace, as its package.json says. */
export interface WorkspacePackage {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const BEGIN = '<!-- packages:begin -->';
const END = '<!-- packages:end -->';

/** A document with the graph of the packages between its two marks. Throws where a mark is missing. */
export function withPackageGraph(document: string, packages: readonly WorkspacePackage[]): string {
  const [begin, end] = [document.indexOf(BEGIN), document.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`the document lacks ${BEGIN} and ${END}`);
  const short = (name: string): string => name.replace('@faultline/', '');
  const names = new Set(packages.map(({ name }) => name));
  const edges = packages.flatMap(({ name, dependencies = {} }) =>
    Object.keys(dependencies)
      .filter((dependency) => names.has(dependency))
      .sort()
      .map((dependency) => `  ${short(name)} --> ${short(dependency)}`),
  );
  const graph = ['```mermaid', 'graph LR', ...edges.sort(), '```'].join('\n');
  return `${document.slice(0, begin)}${BEGIN}\n${graph}\n${document.slice(end)}`;
}

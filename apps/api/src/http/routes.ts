/** Which methods a path takes, read from the OpenAPI document, so that the two cannot differ. */
export class Routes {
  private readonly table: readonly { readonly pattern: RegExp; readonly methods: readonly string[] }[];

  constructor(paths: Readonly<Record<string, object>>) {
    this.table = Object.entries(paths).map(([path, operations]) => ({
      pattern: new RegExp(`^${path.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '[^/]+')}/?$`),
      methods: Object.keys(operations).map((method) => method.toUpperCase()),
    }));
  }

  /** Empty when nothing is at this path. */
  methodsOf(path: string): readonly string[] {
    return this.table.filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => methods);
  }
}

/**
 * A partial `Whole`, for code that takes a large interface or a class with private members but uses little of it.
 * `parts` are checked against the type; using any other member throws, so that no test passes because of an accidental
 * `undefined`.
 */
export function standIn<Whole extends object>(parts: Partial<Whole>): Whole {
  return new Proxy(parts, {
    get(present, name) {
      // `await`, printing and comparing read these from every object.
      const isPart = name in present || typeof name === 'symbol' || name === 'then';
      if (!isPart) throw new Error(`This stand-in has no ${name}`);
      const part: unknown = Reflect.get(present, name);
      return typeof part === 'function' ? part.bind(present) : part;
    },
  }) as Whole;
}

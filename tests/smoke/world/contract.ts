import { Check, Errors } from 'typebox/schema';

type Json = { readonly [key: string]: Json };

export type Contract = {
  readonly document: Json;
  /** Fails when an answer is not what the OpenAPI says of this path and status. */
  readonly check: (method: string, path: string, status: number, body: unknown) => void;
};

/** The OpenAPI as the running gateway gives it to anybody who asks. */
export async function loadContract(api: string): Promise<Contract> {
  const document = (await (await fetch(`${api}/openapi.json`)).json()) as Json;
  return {
    document,
    check(method, path, status, body) {
      const [template, item] = findPath(document, `/api/v1${path.replace(/\?.*/, '')}`);
      const name = `${method} ${template} ${status}`;
      const operation = item?.[method.toLowerCase()];
      // What is not built answers 404 and has no place in the document.
      if (operation === undefined) {
        if (status === 404 || status === 405) return;
        throw new Error(`${name} is not in the OpenAPI`);
      }
      const answer = operation['responses']?.[String(status)] ?? operation['responses']?.['default'];
      if (answer === undefined) throw new Error(`${name} is not in the OpenAPI`);
      const content = answer['content'];
      const schema = (content?.['application/json'] ?? content?.['application/problem+json'])?.['schema'];
      if (schema === undefined) return;
      const rooted = { ...schema, components: document['components'] ?? {} };
      if (Check(rooted, body)) return;
      const [, faults] = Errors(rooted, body);
      throw new Error(`${name} does not fit its schema: ${JSON.stringify(faults)} in ${JSON.stringify(body)}`);
    },
  };
}

function findPath(document: Json, path: string): readonly [string, Json | undefined] {
  const parts = path.split('/');
  const fits = (template: string): boolean => {
    const names = template.split('/');
    return names.length === parts.length && names.every((name, n) => name.startsWith('{') || name === parts[n]);
  };
  const templates = Object.entries(document['paths'] ?? {}).filter(([template]) => fits(template));
  // `/incidents/next` before `/incidents/{id}`.
  const [best] = templates.toSorted(([a], [b]) => a.split('{').length - b.split('{').length);
  return best ?? [path, undefined];
}

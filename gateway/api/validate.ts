import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import { Value } from 'typebox/value';
import { ProblemError } from './problems.ts';

/** Enough to mend a form, too few to be worth provoking (chosen). */
const MAX_ERRORS = 20;

/**
 * Checks bodies, parameters and queries against their TypeBox schemas. A body is taken as sent: nothing is coerced and
 * nothing is dropped silently. Parameters and queries are text, so numbers and booleans are read from it.
 * A missing body counts as `{}`, so that an action without fields can be posted bare. A check is compiled when it is first asked
 * for: a start takes less, and nobody notices a millisecond of it later.
 */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  let compiled: Validator | null = null;
  return (sent: unknown) => {
    const check = (compiled ??= Compile(schema));
    const value = httpPart === 'body' ? (sent ?? {}) : Value.Convert(schema, sent);
    if (check.Check(value)) {
      const path = findUnstorable(value);
      if (path === undefined) return { value };
      const errors = [{ path: `/${httpPart ?? 'body'}${path}`, message: 'must not hold NUL or half a character' }];
      return { error: new ProblemError('bad-request', 'Some fields are not as they should be', { errors }) };
    }
    const errors = check
      .Errors(value)
      // Beside the rule that was broken TypeBox names the `false` schema under it; people need the rule alone.
      .filter((error) => error.keyword !== 'boolean')
      .slice(0, MAX_ERRORS)
      .map((error) => ({ path: `/${httpPart ?? 'body'}${error.instancePath}`, message: error.message }));
    return { error: new ProblemError('bad-request', 'Some fields are not as they should be', { errors }) };
  };
};

/** Where a text stands that no database keeps as it is: with a NUL, or with half of a surrogate pair. */
function findUnstorable(value: unknown): string | undefined {
  if (typeof value === 'string') return value.includes('\0') || !value.isWellFormed() ? '' : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, child] of Object.entries(value)) {
    const path = findUnstorable(child);
    if (path !== undefined) return `/${key}${path}`;
  }
  return undefined;
}

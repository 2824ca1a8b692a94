import { toJsonSchema } from '@valibot/to-json-schema';
import { configSchema, schemaDefinitions } from '../src/config-schema.ts';

/** Where the published schema can be found by its name. */
const ID = 'https://unpkg.com/@codex-otel/config/schema.json';

/** The schema of a configuration file, made of what the parser validates with. */
export function configJsonSchema(): object {
  const { $schema, ...schema } = toJsonSchema(configSchema, {
    target: 'draft-07',
    definitions: { ...schemaDefinitions },
    // A check is a function; the pattern beside it is what an editor can know.
    ignoreActions: ['check'],
    overrideSchema: ({ valibotSchema, jsonSchema }) => {
      const isOurs = valibotSchema.type === 'object' && valibotSchema !== configSchema;
      // The parser ignores unknown keys with a warning, an editor underlines them.
      return isOurs ? { ...jsonSchema, additionalProperties: false } : undefined;
    },
  });
  return {
    $schema,
    $id: ID,
    title: 'The [otel] table of config.toml',
    ...schema,
  };
}

import type { AttributePlan } from './attribute-definition.ts';
import type { SentValue } from './attribute-value.ts';
import { sentValue } from './attribute-value.ts';
import type { ContentRules } from './content.ts';
import { measured, shownContent } from './content.ts';
import type { ErrorDescription } from './error-description.ts';
import { describeError, UNKNOWN_ERROR_TYPE } from './error-description.ts';
import type { EventDefinition } from './event-definition.ts';
import { property } from './property.ts';
import { shownInstructions, shownMessages } from './shown-messages.ts';
import { shownUrl } from './shown-url.ts';
import type { TextPreview } from './text-limits.ts';

/** Finds the values of one event's attributes where their definitions say. */
export class EventValues {
  readonly #rules: ContentRules;
  readonly #definition: Pick<EventDefinition, 'name' | 'plans' | 'error'>;
  readonly #options: object;
  readonly #computed: object;
  readonly #timestamp: string;
  readonly #logged: boolean;
  #shown: Map<string, TextPreview> | undefined;
  #error: ErrorDescription | undefined;

  constructor(
    rules: ContentRules,
    definition: Pick<EventDefinition, 'name' | 'plans' | 'error'>,
    options: object,
    computed: object,
    timestamp: string,
    logged: boolean,
  ) {
    this.#rules = rules;
    this.#definition = definition;
    this.#options = options;
    this.#computed = computed;
    this.#timestamp = timestamp;
    this.#logged = logged;
    if (definition.error !== 'none') this.#error = this.#describeError();
  }

  /** The value to send. `undefined` leaves the key out, which is counted unless the definition allows it. */
  of(plan: AttributePlan): SentValue {
    const given = plan.measure === undefined ? this.#given(plan) : this.#measured(plan);
    if ((given === undefined || given === null) && plan.absent !== undefined) return undefined;
    const value = sentValue(plan, this.#content(plan, given));
    if (value === undefined && plan.shownWith !== undefined && plan.absent !== undefined) return undefined;
    if (value === undefined) {
      const reason = given === undefined ? 'missing' : 'not usable';
      this.#rules.memory.unusable.report(`${this.#definition.name} ${plan.name}`, reason);
      // Without a duration, readers would take the record of a frame for a usage record.
      if (plan.name === 'duration_ms') return '0';
    }
    return value;
  }

  #given(plan: Pick<AttributePlan, 'key' | 'source' | 'otherwise' | 'orSession'>): unknown {
    const { key } = plan;
    if (Object.hasOwn(this.#computed, key)) return property(this.#computed, key) ?? plan.otherwise;
    switch (plan.source) {
      case 'session':
        return property(this.#rules.identity.values, key);
      case 'time':
        return this.#timestamp;
      case 'error':
        return key === 'errorType' ? this.#error?.type : this.#error?.message;
      default: {
        const given = property(this.#options, key) ?? plan.otherwise;
        return plan.orSession === true ? (given ?? property(this.#rules.identity.values, key)) : given;
      }
    }
  }

  /** Content and addresses in the form that may be recorded; other values unchanged. */
  #content(plan: AttributePlan, given: unknown): unknown {
    if (plan.type === 'messages' || plan.type === 'instructions') return this.#structured(plan, given);
    if (plan.url === true && typeof given === 'string') return shownUrl(given);
    return plan.content === undefined || typeof given !== 'string' ? given : this.#shownText(plan, given).text;
  }

  /** Without its setting it is left out; other content is then sent as `[REDACTED]`. */
  #structured(plan: AttributePlan, given: unknown): unknown {
    const rules = this.#rules;
    if (plan.shownWith !== undefined && !rules.identity.settings[plan.shownWith]) return undefined;
    return plan.type === 'messages' ? shownMessages(rules, plan, given) : shownInstructions(rules, plan, given);
  }

  #measured(plan: AttributePlan): unknown {
    const of = this.#definition.plans.find(({ key }) => key === plan.of);
    const text = of && this.#given(of);
    if (of === undefined || typeof text !== 'string') return plan.otherwise;
    if (plan.measure === 'truncated') return this.#shownText(of, text).truncated;
    return plan.measure && measured(text, plan.measure);
  }

  #shownText(plan: AttributePlan, text: string): TextPreview {
    const known = this.#shown?.get(plan.key);
    if (known !== undefined) return known;
    const { traceErrorMessages } = this.#rules.identity.settings;
    const seen = this.#logged || plan.on !== 'log' || (plan.tracedOnRequest === true && traceErrorMessages);
    const made = shownContent(this.#rules, plan, text, seen);
    this.#shown ??= new Map();
    this.#shown.set(plan.key, made);
    return made;
  }

  #describeError(): ErrorDescription | undefined {
    const always = this.#definition.error === 'always' ? { errorMessage: 'unknown error' } : {};
    const error = describeError(this.#options) ?? describeError(always);
    if (error === undefined || error.type !== UNKNOWN_ERROR_TYPE) return error;
    // The conventions use the HTTP status as type if nothing else is known of the error.
    const status = this.#definition.plans.find(({ name }) => name === 'http.response.status_code');
    const code = status && this.#given(status);
    return typeof code === 'number' && code >= 400 ? { ...error, type: String(code) } : error;
  }
}

import { useRef, useState } from 'preact/hooks';
import type { Prices, TypedPrice } from './prices.ts';
import { isPrice, prices, setPrices } from './prices.ts';
import { turns } from './state.ts';

const EMPTY: TypedPrice = { input: '', cachedInput: '', output: '' };
const FIELDS = [
  ['input', 'Input'],
  ['cachedInput', 'Cached input'],
  ['output', 'Output'],
] as const;

/** Lets the user enter token prices; none are built in. */
export function PricesButton() {
  const dialog = useRef<HTMLDialogElement>(null);
  const [typed, setTyped] = useState<Prices>({});
  const models = [...new Set([...turns.value.map(({ model }) => model), ...Object.keys(prices.value)])].filter(
    (model) => model !== '',
  );
  const isValid = Object.values(typed).every((price) => FIELDS.every(([field]) => isPrice(price[field])));
  return (
    <>
      <button
        type="button"
        onClick={() => {
          setTyped(prices.value);
          dialog.current?.showModal();
        }}
      >
        Prices
      </button>
      <dialog ref={dialog} aria-labelledby="prices-title">
        <form
          method="dialog"
          onSubmit={(event) => {
            if (isValid) setPrices(typed);
            else event.preventDefault();
          }}
        >
          <h2 id="prices-title">What tokens cost you</h2>
          <p>In US dollars per million tokens. They stay in this browser.</p>
          {models.length === 0 && <p>No model has been seen yet.</p>}
          {models.map((model) => (
            <fieldset key={model}>
              <legend dir="auto">{model}</legend>
              {FIELDS.map(([field, label]) => {
                const value = (typed[model] ?? EMPTY)[field];
                return (
                  <label key={field}>
                    {label}
                    <input
                      inputMode="decimal"
                      placeholder={field === 'cachedInput' ? 'as input' : 'e.g. 1.25'}
                      value={value}
                      aria-invalid={!isPrice(value)}
                      onInput={(event) =>
                        setTyped({
                          ...typed,
                          [model]: { ...(typed[model] ?? EMPTY), [field]: event.currentTarget.value.trim() },
                        })
                      }
                    />
                  </label>
                );
              })}
            </fieldset>
          ))}
          {!isValid && <p role="alert">A price is a number such as 1.25.</p>}
          <div class="buttons">
            <button type="submit">Use these prices</button>
            <button type="button" onClick={() => dialog.current?.close()}>
              Cancel
            </button>
          </div>
        </form>
      </dialog>
    </>
  );
}

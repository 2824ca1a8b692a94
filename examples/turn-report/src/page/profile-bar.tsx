import type { ProfileParts, TurnProfile } from '../model/turn.ts';
import { formatMillis, formatShare } from './format.ts';

const PARTS: readonly (readonly [keyof ProfileParts, string])[] = [
  ['inference', 'Inference'],
  ['tools', 'Tools'],
  ['userWait', 'Waiting for you'],
  ['autoReview', 'Automatic review'],
  ['overhead', 'Overhead'],
  ['unknown', 'Unknown'],
];

/** Where the turn's time went, as one stacked bar. */
export function ProfileBar({ profile }: { readonly profile: TurnProfile }) {
  const whole = Math.max(profile.durationMillis, Number.EPSILON);
  const shown = PARTS.filter(([part]) => profile[part] > 0);
  const text = shown.map(([part, name]) => `${name} ${formatShare(profile[part] / whole)}`).join(', ');
  return (
    <section class="profile" aria-labelledby="profile-title">
      <h3 id="profile-title">Where the time went</h3>
      <div class="stack" role="img" aria-label={text === '' ? 'Nothing yet' : text}>
        {shown.map(([part]) => (
          <div key={part} class={`part ${part}`} style={{ flexGrow: profile[part] / whole }} />
        ))}
      </div>
      <ul class="legend">
        {shown.map(([part, name]) => (
          <li key={part}>
            <span class={`swatch ${part}`} />
            {name} <strong>{formatShare(profile[part] / whole)}</strong>{' '}
            <span class="soft">{formatMillis(profile[part])}</span>
          </li>
        ))}
        <li class="soft">
          {profile.source === 'measured'
            ? 'measured by the turn itself'
            : 'computed from the spans; each instant counts once'}
        </li>
      </ul>
    </section>
  );
}

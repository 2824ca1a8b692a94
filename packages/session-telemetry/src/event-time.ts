/** Formats timestamps. A stream has many events a second, so the text of the current second is kept. */
export class EventTime {
  #second = Number.NaN;
  #prefix = '';

  /** RFC 3339 in UTC with three fractional digits. */
  text(unixMillis: number): string {
    const second = Math.floor(unixMillis / 1000);
    if (second !== this.#second) {
      this.#prefix = new Date(unixMillis).toISOString().slice(0, -4);
      this.#second = second;
    }
    const millis = unixMillis - second * 1000;
    return `${this.#prefix}${millis < 10 ? '00' : millis < 100 ? '0' : ''}${millis}Z`;
  }
}

/** Numbers and times as text. */

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

const counts = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const decimals = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const scores = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const times = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const minutes = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const days = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });

const two = number => String(number).padStart(2, '0');

/** A growing duration: 0:07, 12:05, 1 h 05, 2 d 03 h. */
export function running(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < HOUR) return `${Math.floor(whole / MINUTE)}:${two(whole % MINUTE)}`;
  if (whole < DAY) return `${Math.floor(whole / HOUR)} h ${two(Math.floor((whole % HOUR) / MINUTE))}`;
  return `${Math.floor(whole / DAY)} d ${two(Math.floor((whole % DAY) / HOUR))} h`;
}

/** A measured duration: 12.5 s, 2:14 min, 1 h 05. */
export function seconds(value) {
  if (Math.abs(value) < 100) return `${decimals.format(value)} s`;
  const length = running(Math.round(Math.abs(value)));
  return `${value < 0 ? '−' : ''}${length}${Math.abs(value) < HOUR ? ' min' : ''}`;
}

export const count = value => counts.format(value);

export const decimal = value => decimals.format(value);

export const score = value => scores.format(value);

export const percent = share => `${counts.format(share * 100)} %`;

/** 10:02:55; with the date if it is another day. */
export function moment(iso, now = Date.now()) {
  const date = new Date(iso);
  const day = days.format(date);
  return day === days.format(new Date(now)) ? times.format(date) : `${day} ${times.format(date)}`;
}

export const timeOfDay = millis => times.format(new Date(millis));

/** 10:02, or 10:02:45 for steps shorter than a minute. */
export const hourAndMinute = (at, step) => {
  const exact = (step ?? MINUTE) < MINUTE || at % MINUTE !== 0;
  return (exact ? times : minutes).format(new Date(1000 * at));
};

/** The first characters of a SID, enough to distinguish it from others. */
export const short = sid => (sid.length > 10 ? sid.slice(0, 10) : sid);

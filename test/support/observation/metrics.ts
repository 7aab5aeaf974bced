import { request } from '../http/http';

/** Scrapes the metrics: values by series, named as in the text (`name{label="value"}`). */
export async function scrape(url: string, token: string): Promise<ReadonlyMap<string, number>> {
  const { status, body } = await request<string>('GET', `${url}/metrics`, { token });
  if (status !== 200) throw new Error(`The scrape failed with status ${status}`);
  const lines = body.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}

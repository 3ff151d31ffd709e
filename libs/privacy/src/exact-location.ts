import { coarseLocation, isCoarse } from '@qiyue/civic-domain';

type Json = Readonly<Record<string, unknown>>;
type Place = Parameters<typeof coarseLocation>[0];

/*
 * A place is two numbers and no text: what everybody may see of it stays in `location`, the whole of it goes, as JSON `[lat, lng]`, into
 * `exactLocation` and is sealed like any text.
 */

/** What has to be sealed; null where no place is named, or none more exactly than everybody may see. */
export const exactLocationText = (data: unknown): string | null => {
  const place = isObject(data) ? data['location'] : null;
  return isPlace(place) && !isCoarse(place) ? JSON.stringify([place.lat, place.lng]) : null;
};

/** With the place coarse and the rest beside it. */
export const sealedLocation = <D>(data: D, exactLocation: string): D => {
  const place = (data as Json)['location'] as Place;
  return { ...data, location: coarseLocation(place), exactLocation };
};

/** A body that came so, with `exactLocation` opened, as it would have been sent over HTTP. What is no place is left for the schema to refuse. */
export const openedLocation = (body: unknown): unknown => {
  if (!isObject(body) || typeof body['exactLocation'] !== 'string') return body;
  const { exactLocation, ...rest } = body;
  try {
    const [lat, lng] = JSON.parse(exactLocation as string) as readonly unknown[];
    return { ...rest, location: { lat, lng } };
  } catch {
    return body;
  }
};

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const isPlace = (value: unknown): value is Place => isObject(value) && typeof value['lat'] === 'number' && typeof value['lng'] === 'number';

/** WGS 84 degrees. */
export interface Location {
  readonly lat: number;
  readonly lng: number;
}

/** Decimals of a degree that are for everybody: about a kilometre, a quarter of a town and not a house. */
const DECIMALS = 2;

const coarse = (degrees: number): number => Number(degrees.toFixed(DECIMALS)) + 0; // no -0, which has another hash

export const coarseLocation = ({ lat, lng }: Location): Location => ({ lat: coarse(lat), lng: coarse(lng) });

export const isCoarse = (location: Location): boolean => {
  const { lat, lng } = coarseLocation(location);
  return lat === location.lat && lng === location.lng;
};

// Pages that open over another one: the page below stays, the address is real, and a reload shows the page alone.
import { type Location, useLocation, useNavigate } from "react-router";
import { useIsWide } from "./media";
import { paths } from "./paths";
import { uuid } from "./uuid";

const THIS_LOAD = uuid();

interface OverlayState {
  readonly background?: Location;
  readonly load?: string;
}

/** The page below the present one, when it was opened over another since the page was loaded. */
export function backgroundOf(location: Location): Location | null {
  const state = location.state as OverlayState | null;
  return state?.load === THIS_LOAD ? (state.background ?? null) : null;
}

/** The `state` of a link that opens over the present page; undefined on a phone, where it fills the screen. */
export function useOverlayState(always = false): OverlayState | undefined {
  const location = useLocation();
  const isWide = useIsWide();
  if (!isWide && !always) return undefined;
  return { background: backgroundOf(location) ?? location, load: THIS_LOAD };
}

/** Closes the page above: back to the one below, or home after a direct load. */
export function useCloseOverlay(): () => void {
  const location = useLocation();
  const navigate = useNavigate();
  return () => {
    if (backgroundOf(location)) navigate(-1);
    else navigate(paths.home, { replace: true });
  };
}

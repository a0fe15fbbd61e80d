// A value that follows another one once it has stood still.
import { useEffect, useState } from "react";

const DEBOUNCE_MS = 250;

export function useDebounced<T>(value: T): T {
  const [late, setLate] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setLate(value), DEBOUNCE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return late;
}

// What stands at an address where nothing is, or nothing this viewer may see.
import { NotFound } from "@/ui/NotFound";

export default function NotFoundPage() {
  return <NotFound />;
}

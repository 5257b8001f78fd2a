import { lineProducer, registryCodecs, type LineProducer } from '@faultline/platform';
import { connectKafka } from './connect.ts';
import { needed, type LineLocation } from './locate-line.ts';

/** How long the broker may take to acknowledge. */
const ACKNOWLEDGE_MS = 20_000;

/** A producer to a line that answers now. */
export async function openProducer(location: LineLocation): Promise<LineProducer> {
  const registryUrl = needed(location.registryUrl, 'the schema registry', 'FAULTLINE_REGISTRY_URL');
  const kafka = await connectKafka(location);
  return lineProducer({
    kafka,
    codecs: async () => registryCodecs(registryUrl),
    clientId: `faultline-cli-${process.pid}`,
    acknowledgeWithinMs: ACKNOWLEDGE_MS,
  });
}

/** The theme's static files. */
import type { FastifyInstance, FastifyReply } from 'fastify';
import { pageNotFound, type SiteContext } from '../pages.ts';
import type { Asset } from '../theme/assets.ts';

const forever = 'public, max-age=31536000, immutable';
/** For an address of another version: while nodes are updated one by one, a page may come from a newer one. */
const briefly = 'public, max-age=60';

interface AssetParams {
  Params: { version: string; '*': string };
}

export function registerAssetRoutes(app: FastifyInstance, { theme }: SiteContext): void {
  app.get<AssetParams>('/assets/:version/*', (request, reply) => {
    const { version, '*': name } = request.params;
    return sendAsset(reply, theme.findAsset(name), version === theme.assetVersion ? forever : briefly);
  });
  // Browsers ask for it unasked, whatever the page links to.
  app.get('/favicon.ico', (_request, reply) => {
    const icon = theme.findAsset('favicon.ico') ?? theme.findAsset('favicon.svg');
    return sendAsset(reply, icon, 'public, max-age=86400');
  });
}

function sendAsset(reply: FastifyReply, asset: Asset | undefined, cacheControl: string): FastifyReply {
  if (!asset) throw pageNotFound();
  return reply.header('cache-control', cacheControl).type(asset.contentType).send(asset.content);
}

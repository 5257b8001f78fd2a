import { percent } from '../format.ts';

/** A share as a bar with its number; a dash where there is none. */
export const ShareCell = ({ share }: { readonly share: number | null }) => (
  <td class="bar">
    <div>
      {share === null || share === 0 ? null : <i style={`width: ${share * 100}%`} />}
      <span>{share === 0 ? 'none' : percent(share)}</span>
    </div>
  </td>
);

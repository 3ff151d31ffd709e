import type { NeedContent, NeedEvent } from '@qiyue/need-domain';

/** What of a need's content an event changes, whoever changed it: its author, the centre that put a mistake right, or that sent it to another community. */
export const contentChangedBy = ({ type, data }: NeedEvent): Partial<NeedContent> => {
  switch (type) {
    case 'NeedAmended':
    case 'NeedCorrected':
      return data;
    case 'NeedDispatched':
      return data.community === undefined ? {} : { community: data.community };
    default:
      return {};
  }
};

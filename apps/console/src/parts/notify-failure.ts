import { notifications } from '@mantine/notifications';
import { Problem } from '../api/problem';

/** Says why something was not done; or that it is not known whether it was. The title is for the first: `Not done`. */
export const notifyFailure =
  (title: string) =>
  (error: Error): void => {
    const isUnknown = error instanceof Problem && error.isOutcomeUnknown;
    notifications.show({
      color: 'red',
      title: isUnknown ? 'No answer' : title,
      message: isUnknown ? `Whether it was done is not known. (${error.message})` : error.message,
    });
  };

import { startEmbedded } from '../../../test/embedded-broker';
import { describeTopics } from '../../../test/topic-conformance';

describeTopics('the embedded broker', startEmbedded);

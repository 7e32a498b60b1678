import { startEmbedded } from './embedded-broker';
import { describeGroups } from './group-conformance';

describeGroups('the embedded broker', startEmbedded);

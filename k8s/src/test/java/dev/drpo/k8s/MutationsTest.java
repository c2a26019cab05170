package dev.drpo.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules find a mistake of each kind, made by hand in what is right. */
class MutationsTest {
  private static final String REMOVED = "(removed)";

  @ParameterizedTest(name = "{0} {1} := {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "Deployment/rollout | /spec/selector/matchLabels/app.kubernetes.io~1name | other | the"
            + " selector of rollout does not find",
        "Deployment/reward | /spec/template/metadata/labels/app.kubernetes.io~1name | other | the"
            + " selector of reward does not find",
        "Service/learner | /spec/selector/app.kubernetes.io~1name | other | the service learner"
            + " finds the pods of []",
        "Service/kafka | /spec/ports/0/targetPort | kafkas | port 9092 of the service kafka leads"
            + " nowhere",
        "Service/kafka | /spec/ports/0/port | 9093 | nothing answers at kafka:9092",
        "Service/kafka | /spec/publishNotReadyAddresses | false | publish addresses that are not"
            + " ready",
        "Service/kafka | /spec/clusterIP | (removed) | has to be headless",
        "Service/reward | /spec/ports/1/port | 9001 | the service reward has",
        "StatefulSet/learner | /spec/serviceName | learners | their names from the service"
            + " learners",
        "Deployment/reward | /spec/template/spec/containers/0/ports/0/containerPort | 8081 | reward"
            + " opens",
        "Deployment/reward | /spec/template/spec/containers/0/ports/0/name | web | reward opens",
        "Deployment/rollout | /spec/template/spec/containers/0/readinessProbe/httpGet/path |"
            + " /health/ready | no probe of rollout asks /q/health/ready",
        "Deployment/rollout | /spec/template/spec/containers/0/livenessProbe/httpGet/port | grpc |"
            + " no probe of rollout asks /q/health/live",
        "Deployment/rollout | /spec/template/spec/containers/0/startupProbe | (removed) | no probe"
            + " of rollout asks /q/health/started",
        "Deployment/rollout | /spec/template/spec/containers/0/livenessProbe/timeoutSecond | 3 |"
            + " timeoutSecond",
        "Deployment/rollout | /spec/replicas | two | replicas",
        "Deployment/rollout | /kind | Deploymint | Deploymint",
        "Deployment/rollout | /spec/template/spec/volumes/0/configMap/name | runs | wants a"
            + " ConfigMap runs",
        "Deployment/rollout | /spec/template/spec/volumes/1/name | cash | mounts the volumes",
        "Deployment/rollout | /spec/template/spec/volumes/2/emptyDir/sizeLimit | (removed) | has no"
            + " limit of its size",
        "Deployment/rollout | /spec/template/spec/containers/0/volumeMounts/2/mountPath | /temp |"
            + " has no volume for /tmp",
        "Deployment/rollout | /spec/template/spec/containers/0/volumeMounts/0/mountPath | /etc/run"
            + " | no ConfigMap brings /etc/drpo/run.yaml",
        "ConfigMap/run | /data/run.yaml | 'preset: quickstert' | preset is quickstert",
        "ConfigMap/run | /data/run.yaml | 'data: {train: /opt/drpo/datasets/none.jsonl}' | has no /opt/drpo/datasets/none.jsonl",
        "ConfigMap/run | /data/run.yaml | 'run: {directory: /opt/drpo/run}' | the learner can't write /opt/drpo/run",
        "Deployment/reward | /spec/template/spec/containers/0/env/1/name | DRPO_KAFKA_BOOTSTRAP_SERVER | does not load its run",
        "Deployment/reward | /spec/template/spec/containers/0/env/1/value | broker:9092 | nothing answers at broker:9092",
        "Deployment/rollout | /spec/template/spec/containers/0/env/2/value | learner:8080 | nothing answers at learner:8080",
        "StatefulSet/learner | /spec/template/spec/containers/0/env/4 | (removed) | OMP_NUM_THREADS of learner is not the 2 of its run",
        "Deployment/reward | /spec/template/spec/containers/0/env/3 | (removed) | reward does not know its replica's name",
        "Deployment/reward | /spec/template/spec/containers/0/image | drpo/reward-service:latest | the image of reward is drpo/reward-service:latest",
        "Deployment/reward | /spec/template/spec/containers/0/image | drpo/rollout-service:0.1.0-SNAPSHOT | reward runs rollout-service",
        "StatefulSet/kafka | /spec/template/spec/containers/0/image | apache/kafka:4.2.0 | the broker's image is apache/kafka:4.2.0",
        "StatefulSet/kafka | /spec/template/spec/containers/0/env/0/name | KAFKA_MAX_BYTES | max.bytes is no setting of the broker",
        "StatefulSet/kafka | /spec/template/spec/containers/0/env/0/value | many | the broker refuses its settings",
        "StatefulSet/kafka | /spec/template/spec/containers/0/env/6/value | 'PLAINTEXT:SSL,CONTROLLER:PLAINTEXT' | rollout speaks PLAINTEXT with a broker that hears SSL",
        "StatefulSet/learner | /spec/template/spec/containers/0/resources/limits/memory | 512Mi | does not say what it needs",
        "Deployment/rollout | /spec/template/spec/containers/0/resources/limits | (removed) | does not say what it needs",
        "StatefulSet/learner | /spec/template/spec/containers/0/securityContext/readOnlyRootFilesystem | false | learner leaves the restricted profile",
        "StatefulSet/learner | /spec/template/spec/securityContext/runAsUser | 0 | learner leaves the restricted profile",
        "StatefulSet/learner | /spec/template/spec/enableServiceLinks | true | gets its neighbours' variables",
        "StatefulSet/learner | /spec/template/spec/automountServiceAccountToken | (removed) | gets a token of the cluster",
        "NetworkPolicy/nobody | /spec/policyTypes/0 | Egress | policies let in anywhere -> reward",
        "NetworkPolicy/kafka | /spec/ingress/0/from/0/podSelector/matchExpressions/0/values/3 | (removed) | no policy lets in rollout -> kafka:9092",
        "NetworkPolicy/learner | /spec/ingress/0/from | (removed) | policies let in anywhere -> learner:9000",
        "NetworkPolicy/learner | /spec/ingress/0/ports/0/port | 8080 | no policy lets in rollout -> learner:9000",
        "NetworkPolicy/rollout | /spec/egress/0/to | (removed) | policies let out rollout -> anywhere:9000",
        "NetworkPolicy/names | /spec/egress/0/ports | (removed) | policies let out kafka -> anywhere",
        "NetworkPolicy/names | /spec/egress/0/ports/0 | (removed) | no policy lets out reward -> anywhere:53/UDP",
        "NetworkPolicy/names | /spec/egress/0/ports/1 | (removed) | no policy lets out reward -> anywhere:53",
        "NetworkPolicy/rollout | /spec/egress/0/to/0 | {\"ipBlock\":{\"cidr\":\"0.0.0.0/0\"}} | policies let out rollout -> address 0.0.0.0/0:9000",
        "NetworkPolicy/rollout | /spec/egress/0/to/0 | {\"namespaceSelector\":{}} | policies let out rollout -> namespace any:9000",
        "NetworkPolicy/rollout | /spec/egress/0/ports/0/endPort | 9100 | policies let out rollout -> learner:9000-9100",
        "NetworkPolicy/learner | /spec/ingress/0/ports/0/protocol | UDP | no policy lets in rollout -> learner:9000",
        "NetworkPolicy/kafka | /spec/ingress/0/from/0 | {\"ipBlock\":{\"cidr\":\"10.0.0.0/8\"}} | policies let in address 10.0.0.0/8 -> kafka:9092",
        "NetworkPolicy/kafka | /spec/ingress/0/from/0/namespaceSelector | {} | of namespace any -> kafka:9092",
        "StatefulSet/learner | /spec/podManagementPolicy | (removed) | a pod of learner that never gets ready is not replaced",
        "StatefulSet/kafka | /spec/podManagementPolicy | OrderedReady | a pod of kafka that never gets ready is not replaced",
        "PodDisruptionBudget/learner | /spec/maxUnavailable | (removed) | the disruption budget of"
            + " learner has to say maxUnavailable",
        "PodDisruptionBudget/rollout | /spec/selector/matchLabels/app.kubernetes.io~1name |"
            + " rollouts | rollout has not exactly one disruption budget",
      })
  void isFound(String object, String place, String value, String problem)
      throws IOException, InterruptedException {
    isFound(".", object, place, value, problem);
  }

  @ParameterizedTest(name = "{0} {1} {2} := {3}")
  @CsvSource(
      delimiter = '|',
      value = {
        "tls | Certificate/learner | /spec/dnsNames/0 | learners | learner-tls is not for the name"
            + " learner",
        "tls | Certificate/rollout | /spec/privateKey/encoding | PKCS1 | or its key be read",
        "tls | Certificate/rollout | /spec/usages/2 | code signing | rollout-tls can't be shown by"
            + " both sides",
        "tls | Certificate/reward | /spec/secretName | judge-tls | wants a Secret reward-tls, which"
            + " no operator makes",
        "tls | Certificate/reward | /spec/renewBefor | 1h | renewBefor",
        "tls | Service/reward | /spec/ports/0/port | 8444 | the service reward has",
        "tls | Deployment/reward | /spec/template/spec/containers/0/volumeMounts/1/mountPath |"
            + " /etc/tls | reward has no /etc/drpo-tls/tls.crt",
        "tls | Deployment/reward | /spec/template/spec/containers/0/env/1 | (removed) | reward does"
            + " not load its run: tls.key",
        "tls | Deployment/reward | /spec/template/spec/containers/0/env/0 | (removed) | reward"
            + " speaks PLAINTEXT with a broker that hears SSL",
        "tls | StatefulSet/kafka | /spec/template/spec/containers/0/env/2/value |"
            + " 'CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT' | learner speaks SSL with a broker that hears"
            + " PLAINTEXT",
        "tls | Certificate/kafka | /spec/dnsNames/0 | broker | kafka-tls is not for the name kafka",
        "tls | StatefulSet/learner | /spec/template/spec/containers/0/env/4 | (removed) | ask callers"
            + " for a certificate, and [learner] do not",
        "strimzi | Kafka/kafka | /spec/kafka/version | 4.2.0 | Strimzi's broker is 4.2.0",
        "strimzi | Kafka/kafka | /spec/kafka/listeners/0/port | 9094 | nothing answers at"
            + " kafka-kafka-bootstrap:9093",
        "strimzi | Kafka/kafka | /spec/kafka/config/message.max.bytes | many | the broker refuses"
            + " its settings",
        "strimzi | Kafka/kafka | /spec/kafka/config/message.most.bytes | 1 | message.most.bytes is"
            + " no setting",
        "strimzi | KafkaUser/drpo | /metadata/name | services | wants a Secret drpo-services, which"
            + " no operator makes",
        "strimzi | Deployment/rollout | /spec/template/spec/containers/0/volumeMounts/0/mountPath |"
            + " /etc/kafka | rollout has no /etc/drpo-kafka/client.properties",
        "strimzi | NetworkPolicy/strimzi | /spec/egress/0/ports/0/port | 9092 | no policy lets out"
            + " reward -> pods strimzi.io/cluster=kafka:9093",
        "gpu-1.5b-8k | Deployment/rollout | /spec/strategy/rollingUpdate/maxSurge | 1 | waits for a"
            + " GPU",
        "gpu-7b-8k | Deployment/rollout | /spec/strategy | (removed) | waits for a GPU",
        "vllm | Deployment/rollout | /spec/strategy | (removed) | waits for a GPU",
        "gpu-7b-8k | NetworkPolicy/inputs | /spec/egress/0/ports/0/port | 80 | policies let out"
            + " learner -> anywhere:80",
        "job | Job/learner | /spec/podFailurePolicy | (removed) | tries a configuration that can't"
            + " be honoured again",
        "job | Job/learner | /spec/podFailurePolicy/rules/0/onExitCodes/values/0 | 1 | tries a"
            + " configuration that can't be honoured again",
        "job | Job/learner | /spec/podFailurePolicy/rules/1 | (removed) | counts a lost node as a"
            + " failure",
        "job | Job/learner | /spec/template/spec/restartPolicy | OnFailure | starts a pod before, or"
            + " in, the one that fails",
        "kueue | Job/learner | /metadata/labels/kueue.x-k8s.io~1queue-name | (removed) | wait in"
            + " different queues: [",
        "keda | ScaledObject/rollout | /spec/fallback/behavior | static | do not stay where the"
            + " learner does not answer",
        "keda | ScaledObject/rollout | /spec/triggers/0/metadata/prompts | '\"8\"' | a replica's"
            + " slots hold 16 groups",
        "keda | Deployment/rollout | /spec/replicas | 2 | an apply sets back the replicas",
        "keda | NetworkPolicy/keda | /spec/ingress/0/from/0 | {\"namespaceSelector\":{}} | policies"
            + " let in namespace any -> learner:9000",
        "keda-tls | ScaledObject/rollout | /spec/triggers/0/metadata/enableTLS | (removed) | its"
            + " trigger shows none",
        "keda-tls | ScaledObject/rollout | /spec/triggers/0/authenticationRef/name | kedas | KEDA's"
            + " trigger takes {}",
        "keda-tls | TriggerAuthentication/keda | /spec/secretTargetRef/0/name | keda | KEDA's"
            + " trigger takes",
        "keda-tls | TriggerAuthentication/keda | /metadata/namespace | keda | KEDA's trigger takes"
            + " {}",
        "keda-tls | Certificate/keda | /spec/usages/1 | server auth | is not a caller's alone",
      })
  void isFoundInAnOverlay(String overlay, String object, String place, String value, String problem)
      throws IOException, InterruptedException {
    isFound("overlays/" + overlay, object, place, value, problem);
  }

  private static void isFound(
      String kustomization, String object, String place, String value, String problem)
      throws IOException, InterruptedException {
    List<JsonNode> documents = StrictModel.documents(Kustomize.render(kustomization));
    change(find(documents, object), JsonPointer.compile(place), value);
    assertThat(problems(documents)).anySatisfy(it -> assertThat(it).contains(problem));
  }

  private static List<String> problems(List<JsonNode> documents) {
    try {
      return Rule.check(Cluster.of(documents));
    } catch (IOException refused) {
      return List.of(refused.getMessage());
    }
  }

  /** A ConfigMap's name ends with a digest of its content. */
  private static ObjectNode find(List<JsonNode> documents, String object) {
    String[] names = object.split("/", 2);
    return documents.stream()
        .filter(it -> it.path("kind").asText().equals(names[0]))
        .filter(it -> it.at("/metadata/name").asText().replaceFirst("-.*", "").equals(names[1]))
        .map(ObjectNode.class::cast)
        .findFirst()
        .orElseThrow(() -> new AssertionError("there is no " + object));
  }

  private static void change(ObjectNode document, JsonPointer place, String value)
      throws IOException {
    JsonNode parent = document.at(place.head());
    String last = place.last().getMatchingProperty();
    JsonNode node = value.equals(REMOVED) ? null : value(value);
    switch (parent) {
      case ObjectNode it when node == null -> it.remove(last);
      case ObjectNode it -> it.set(last, node);
      case ArrayNode it when node == null -> it.remove(Integer.parseInt(last));
      case ArrayNode it -> it.set(Integer.parseInt(last), node);
      default -> throw new AssertionError("there is no " + place);
    }
  }

  /** As in a manifest; what a file of the ConfigMap contains is text. */
  private static JsonNode value(String value) throws IOException {
    return value.contains(": ")
        ? StrictModel.documents("value: |\n  " + value + "\n").getFirst().get("value")
        : StrictModel.documents("value: " + value + "\n").getFirst().get("value");
  }
}

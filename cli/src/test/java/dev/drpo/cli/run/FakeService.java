package dev.drpo.cli.run;

import dev.drpo.proto.learner.v1.EvaluationSummary;
import dev.drpo.proto.learner.v1.GetStatusRequest;
import dev.drpo.proto.learner.v1.GetStatusResponse;
import dev.drpo.proto.learner.v1.LearnerServiceGrpc;
import dev.drpo.proto.learner.v1.RunState;
import dev.drpo.proto.learner.v1.StepSummary;
import dev.drpo.runtime.process.ParentWatch;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;

/** A process that stands in for a service: ready at once, and ended only by others. */
public final class FakeService {
  static final String ENDLESS = "endless";
  static final String COMPLETES = "completes";
  static final String FAILS = "fails";
  static final String DIES = "dies";

  private FakeService() {}

  /** Arguments: {@code learner PORT BEHAVIOUR FOLDER}, or anything else for a mere worker. */
  public static void main(String[] arguments) throws Exception {
    ParentWatch.startFromEnvironment();
    if (arguments[0].equals("learner")) {
      learn(Integer.parseInt(arguments[1]), arguments[2], Path.of(arguments[3]));
    }
    System.out.println("READY 127.0.0.1:1");
    Thread.currentThread().join();
  }

  private static void learn(int port, String behaviour, Path folder) throws IOException {
    var _ =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
            .addService(new Learner(behaviour, folder))
            .build()
            .start();
  }

  /** Takes one step with each question about its state. */
  private static final class Learner extends LearnerServiceGrpc.LearnerServiceImplBase {
    private final String behaviour;
    private final Path folder;
    private int asked;

    Learner(String behaviour, Path folder) {
      this.behaviour = behaviour;
      this.folder = folder;
    }

    @Override
    public synchronized void getStatus(
        GetStatusRequest request, StreamObserver<GetStatusResponse> answer) {
      asked++;
      GetStatusResponse.Builder status =
          GetStatusResponse.newBuilder()
              .setStepsTotal(3)
              .setStepsDone(asked)
              .setBefore(evaluation(0.7, 90))
              .setLastStep(StepSummary.newBuilder().setStep(asked).setAccuracy(0.8))
              .setState(RunState.RUN_STATE_TRAINING);
      if (asked >= 3) {
        end(status);
      }
      answer.onNext(status.build());
      answer.onCompleted();
    }

    private void end(GetStatusResponse.Builder status) {
      switch (behaviour) {
        case COMPLETES -> {
          try {
            Files.writeString(folder.resolve("report.html"), "<html>");
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
          status.setState(RunState.RUN_STATE_COMPLETED).setAfter(evaluation(0.9, 30));
        }
        case FAILS ->
            status
                .setState(RunState.RUN_STATE_FAILED)
                .setFailure("train.jsonl, line 3: gold is missing; add it");
        case DIES -> {
          System.out.println("tensor engine: out of memory");
          Runtime.getRuntime().halt(3);
        }
        default -> {
          // An endless learner takes steps for ever.
        }
      }
    }

    private static EvaluationSummary evaluation(double accuracy, double length) {
      return EvaluationSummary.newBuilder()
          .setAccuracy(accuracy)
          .setMeanLength(length)
          .setMeanLengthCorrect(length)
          .setMeanLengthWrong(length)
          .setSamples(2000)
          .build();
    }
  }
}

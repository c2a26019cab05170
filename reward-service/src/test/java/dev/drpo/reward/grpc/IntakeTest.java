package dev.drpo.reward.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.proto.reward.v1.EvaluateRequest;
import dev.drpo.proto.reward.v1.EvaluateResponse;
import dev.drpo.proto.reward.v1.RewardServiceGrpc;
import dev.drpo.reward.RewardMeters;
import dev.drpo.reward.call.Admission;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IntakeTest {
  private static final int CAPACITY = 100_000;
  private static final int LARGEST = 20_000;
  private static final Duration LONG = Duration.ofMinutes(5);

  private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();
  private final Admission admission =
      new Admission(CAPACITY, LARGEST, new RewardMeters(new SimpleMeterRegistry()));
  private final EndedCall call = new EndedCall();

  @AfterEach
  void stop() {
    timers.shutdownNow();
  }

  @Test
  void aMessageThatBeginsAndDoesNotGoOnIsRefused() throws Exception {
    Intake intake = intake(50_000, Duration.ofMillis(20));
    intake.begin(call);
    intake.inboundMessage(0);
    intake.inboundWireSize(10);
    Status status = call.status.get(1, TimeUnit.MINUTES);
    assertThat(status.getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    assertThat(status.getDescription()).contains("was not complete");
  }

  @Test
  void bytesAreChargedAsTheyArriveAndReturnedAtTheEnd() {
    Intake intake = intake(50_000, LONG);
    intake.begin(call);
    long before = admission.chargedBytes();
    intake.inboundMessage(0);
    intake.inboundWireSize(1_000);
    assertThat(admission.chargedBytes() - before).isEqualTo(1_000);
    intake.inboundWireSize(500);
    intake.inboundMessageRead(0, 1_500, 1_500);
    assertThat(intake.takeMessage()).isEqualTo(1_500);
    intake.finishMessage(1_500);
    assertThat(admission.chargedBytes()).isEqualTo(before);
    intake.streamClosed(Status.OK);
    assertThat(admission.chargedBytes()).isZero();
  }

  @Test
  void aCompressedMessageIsChargedForAllThatItMayHold() {
    Intake intake = intake(50_000, LONG);
    intake.begin(call);
    long before = admission.chargedBytes();
    intake.inboundMessage(0);
    intake.inboundWireSize(10);
    intake.inboundMessageRead(0, 10, -1);
    assertThat(admission.chargedBytes() - before).isEqualTo(50_000);
  }

  @Test
  void whatDoesNotFitIsRefusedOnceAndSaysNothingMore() {
    Intake intake = intake(CAPACITY, LONG);
    ServerCall<EvaluateRequest, EvaluateResponse> begun = intake.begin(call);
    intake.inboundMessage(0);
    intake.inboundWireSize(CAPACITY);
    intake.inboundWireSize(CAPACITY);
    assertThat(call.status.join().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    begun.sendHeaders(new Metadata());
    begun.sendMessage(EvaluateResponse.getDefaultInstance());
    begun.close(Status.OK, new Metadata());
    assertThat(call.words).isEqualTo(1);
  }

  @Test
  void aCallForWhichThereIsNoRoomIsRefusedWhenItBegins() {
    Admission.Charge others = admission.admit();
    others.add(CAPACITY - admission.chargedBytes());
    intake(1, LONG).begin(call);
    assertThat(call.status.join().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
  }

  @Test
  void ofACrowdThatArrivesTogetherOneIsNotRefused() {
    List<EndedCall> calls = Stream.generate(EndedCall::new).limit(4).toList();
    List<Intake> crowd = new ArrayList<>();
    for (EndedCall each : calls) {
      Intake intake = intake(LARGEST, LONG);
      intake.begin(each);
      intake.inboundMessage(0);
      crowd.add(intake);
    }
    // What the calls cost leaves room for one message and a part of another; none is closed yet.
    for (int piece = 0; piece < LARGEST / 1_000; piece++) {
      crowd.forEach(intake -> intake.inboundWireSize(1_000));
    }
    assertThat(calls.stream().filter(each -> !each.status.isDone())).hasSize(1);
    assertThat(admission.chargedBytes()).isLessThanOrEqualTo(CAPACITY + LARGEST);
    crowd.forEach(intake -> intake.streamClosed(Status.OK));
    assertThat(admission.chargedBytes()).isZero();
  }

  private Intake intake(int largest, Duration patience) {
    return new Intake(admission, largest, patience, timers, () -> {});
  }

  /** Notes its end. */
  private static final class EndedCall extends ServerCall<EvaluateRequest, EvaluateResponse> {
    private final CompletableFuture<Status> status = new CompletableFuture<>();
    private int words;

    @Override
    public void request(int messages) {}

    @Override
    public void sendHeaders(Metadata headers) {
      words++;
    }

    @Override
    public void sendMessage(EvaluateResponse message) {
      words++;
    }

    @Override
    public void close(Status end, Metadata trailers) {
      words++;
      status.complete(end);
    }

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public MethodDescriptor<EvaluateRequest, EvaluateResponse> getMethodDescriptor() {
      return RewardServiceGrpc.getEvaluateMethod();
    }
  }
}

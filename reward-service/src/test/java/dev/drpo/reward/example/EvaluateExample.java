package dev.drpo.reward.example;

import dev.drpo.proto.reward.v1.EvaluateRequest;
import dev.drpo.proto.reward.v1.EvaluateResponse;
import dev.drpo.proto.reward.v1.RewardServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.util.concurrent.TimeUnit;

public final class EvaluateExample {
  public static void main(String[] address) {
    ManagedChannel channel = ManagedChannelBuilder.forTarget(address[0]).usePlaintext().build();
    try {
      EvaluateResponse response =
          RewardServiceGrpc.newBlockingStub(channel)
              .withDeadlineAfter(5, TimeUnit.SECONDS)
              .evaluate(
                  EvaluateRequest.newBuilder()
                      .setResponse("<think> a half </think> \\boxed{\\frac{1}{2}}")
                      .addGolds("0.5")
                      .putConventions("percent", "typed")
                      .build());
      System.out.println(
          response.getVerdict().getOutcome() + " by " + response.getVerdict().getRule());
    } finally {
      channel.shutdown();
    }
  }
}

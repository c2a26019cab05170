package dev.drpo.tracking.mlflow;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mlflow.api.proto.Service;
import org.mlflow_project.google.protobuf.Message;
import org.mlflow_project.google.protobuf.util.JsonFormat;

/**
 * A tracking server as far as a run needs one. Requests are read by MLflow's published messages,
 * which refuse any field that they don't have, and answers are written by them. Like MLflow's, it
 * limits batches, keeps parameters for ever, and gives of each metric the value of the last step.
 */
final class FakeMlflow implements AutoCloseable {
  final Map<String, String> experiments = new LinkedHashMap<>();
  final Map<String, List<Service.Metric>> metrics = new LinkedHashMap<>();
  final Map<String, String> parameters = new HashMap<>();
  final Map<String, String> tags = new HashMap<>();
  final Map<String, Service.RunStatus> runs = new LinkedHashMap<>();
  final List<String> calls = new ArrayList<>();
  final List<String> authorizations = new ArrayList<>();
  int largestBatch;
  private final HttpServer server;
  private boolean away;

  FakeMlflow() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/api/2.0/mlflow/", this::handle);
    server.start();
  }

  URI address() {
    return URI.create("http://localhost:" + server.getAddress().getPort());
  }

  /** From now on, every call fails as behind a proxy whose server is down; or no longer. */
  synchronized void away(boolean now) {
    away = now;
  }

  synchronized List<Long> stepsOf(String key) {
    return metrics.getOrDefault(key, List.of()).stream().map(Service.Metric::getStep).toList();
  }

  synchronized int called() {
    return calls.size();
  }

  private static final class Refusal extends Exception {
    private static final long serialVersionUID = 1;
    private final int status;
    private final String body;

    Refusal(int status, String code, String message) {
      super(message);
      this.status = status;
      this.body = "{\"error_code\": \"%s\", \"message\": \"%s\"}".formatted(code, message);
    }
  }

  private synchronized void handle(HttpExchange exchange) throws IOException {
    String call = exchange.getRequestURI().getPath().substring("/api/2.0/mlflow/".length());
    calls.add(call);
    authorizations.add(exchange.getRequestHeaders().getFirst("Authorization"));
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    int status = 200;
    String answer;
    try {
      if (away) {
        throw new Refusal(503, "TEMPORARILY_UNAVAILABLE", "the database is down");
      }
      answer =
          JsonFormat.printer()
              .preservingProtoFieldNames()
              .print(answer(call, exchange.getRequestURI(), body));
    } catch (Refusal e) {
      status = e.status;
      answer = e.body;
    }
    byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private Message answer(String call, URI uri, String body) throws IOException, Refusal {
    return switch (call) {
      case "experiments/get-by-name" -> experiment(parameter(uri, "experiment_name"));
      case "experiments/create" -> {
        var request = read(body, Service.CreateExperiment.newBuilder());
        String id = Integer.toString(experiments.size() + 1);
        experiments.put(request.getName(), id);
        yield Service.CreateExperiment.Response.newBuilder().setExperimentId(id).build();
      }
      case "runs/create" -> {
        var request = read(body, Service.CreateRun.newBuilder());
        if (!experiments.containsValue(request.getExperimentId()) || request.getStartTime() == 0) {
          throw new Refusal(404, "RESOURCE_DOES_NOT_EXIST", "no such experiment");
        }
        String id = "run" + (runs.size() + 1);
        runs.put(id, Service.RunStatus.RUNNING);
        yield Service.CreateRun.Response.newBuilder().setRun(run(id)).build();
      }
      case "runs/get" -> {
        String id = parameter(uri, "run_id");
        requireRun(id);
        yield Service.GetRun.Response.newBuilder().setRun(run(id)).build();
      }
      case "runs/update" -> {
        var request = read(body, Service.UpdateRun.newBuilder());
        requireRun(request.getRunId());
        runs.put(request.getRunId(), request.getStatus());
        yield Service.UpdateRun.Response.newBuilder().setRunInfo(run("x").getInfo()).build();
      }
      case "runs/log-batch" -> {
        log(read(body, Service.LogBatch.newBuilder()).build());
        yield Service.LogBatch.Response.getDefaultInstance();
      }
      default -> throw new Refusal(404, "ENDPOINT_NOT_FOUND", "no " + call);
    };
  }

  private Message experiment(String name) throws Refusal {
    if (!experiments.containsKey(name)) {
      throw new Refusal(404, "RESOURCE_DOES_NOT_EXIST", "Could not find experiment " + name);
    }
    return Service.GetExperimentByName.Response.newBuilder()
        .setExperiment(
            Service.Experiment.newBuilder().setName(name).setExperimentId(experiments.get(name)))
        .build();
  }

  private void requireRun(String id) throws Refusal {
    if (!runs.containsKey(id)) {
      throw new Refusal(404, "RESOURCE_DOES_NOT_EXIST", "Run with id=" + id + " not found");
    }
  }

  private void log(Service.LogBatch batch) throws Refusal {
    requireRun(batch.getRunId());
    int all = batch.getMetricsCount() + batch.getParamsCount() + batch.getTagsCount();
    if (all > 1000 || batch.getParamsCount() > 100 || batch.getTagsCount() > 100) {
      throw new Refusal(400, "INVALID_PARAMETER_VALUE", "too many for one batch");
    }
    largestBatch = Math.max(largestBatch, all);
    for (Service.Param param : batch.getParamsList()) {
      if (!parameters.getOrDefault(param.getKey(), param.getValue()).equals(param.getValue())) {
        throw new Refusal(400, "INVALID_PARAMETER_VALUE", "Changing param values is not allowed");
      }
      if (param.getValue().length() > 500) {
        throw new Refusal(400, "INVALID_PARAMETER_VALUE", "too long");
      }
      parameters.put(param.getKey(), param.getValue());
    }
    batch.getTagsList().forEach(tag -> tags.put(tag.getKey(), tag.getValue()));
    batch
        .getMetricsList()
        .forEach(
            metric -> metrics.computeIfAbsent(metric.getKey(), _ -> new ArrayList<>()).add(metric));
  }

  private Service.Run run(String id) {
    Service.RunData.Builder data = Service.RunData.newBuilder();
    metrics.values().forEach(values -> data.addMetrics(values.getLast()));
    return Service.Run.newBuilder()
        .setInfo(Service.RunInfo.newBuilder().setRunId(id).setLifecycleStage("active"))
        .setData(data)
        .build();
  }

  private static <B extends Message.Builder> B read(String body, B request) throws IOException {
    JsonFormat.parser().merge(body, request);
    return request;
  }

  private static String parameter(URI uri, String name) throws Refusal {
    String query = uri.getRawQuery();
    if (!query.startsWith(name + "=")) {
      throw new Refusal(400, "INVALID_PARAMETER_VALUE", "no " + name);
    }
    return URLDecoder.decode(query.substring(name.length() + 1), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}

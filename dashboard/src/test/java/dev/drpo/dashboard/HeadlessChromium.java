package dev.drpo.dashboard;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A browser without a window, which tells what went wrong in a page and whom it asked. */
final class HeadlessChromium implements AutoCloseable {
  private static final List<String> BROWSERS =
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");
  private static final Pattern REQUEST =
      Pattern.compile("\"method\":\"Network\\.requestWillBeSent\".*?\"url\":\"(https?://[^/\"]+)");

  private final ChromeDriver driver;

  private HeadlessChromium(ChromeDriver driver) {
    this.driver = driver;
  }

  /** Starts one. Where the machine has none, the test is not run; on a build's server it fails. */
  static HeadlessChromium start() {
    Optional<Path> browser = BROWSERS.stream().flatMap(HeadlessChromium::onPath).findFirst();
    Optional<Path> chromedriver = onPath("chromedriver").findFirst();
    if (browser.isEmpty() || chromedriver.isEmpty()) {
      String lacks =
          "no %s on the PATH, so that the page is not tried in a browser; on Debian, apt-get install chromium chromium-driver"
              .formatted(browser.isEmpty() ? "chromium" : "chromedriver");
      if ("true".equals(System.getenv("CI"))) {
        Assertions.fail(lacks);
      }
      Assumptions.abort(lacks);
    }
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    logs.enable(LogType.PERFORMANCE, Level.ALL);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(browser.get().toFile());
    options.addArguments(
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage");
    options.setCapability("goog:loggingPrefs", logs);
    ChromeDriver driver =
        new ChromeDriver(
            new ChromeDriverService.Builder()
                .usingDriverExecutable(chromedriver.get().toFile())
                .withTimeout(Duration.ofMinutes(2))
                .build(),
            options);
    driver.manage().timeouts().scriptTimeout(Duration.ofMinutes(2));
    return new HeadlessChromium(driver);
  }

  private static Stream<Path> onPath(String program) {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable);
  }

  ChromeDriver driver() {
    return driver;
  }

  /** A screen of this size, for a reader of one of the schemes: light or dark. */
  void show(int width, int height, String scheme) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  /** What a script expression gives, as text. */
  String value(String expression) {
    return String.valueOf(driver.executeScript("return " + expression));
  }

  /** What axe-core finds wrong with the page as it is: a line for each place. */
  String violations() throws IOException {
    try (InputStream axe = HeadlessChromium.class.getResourceAsStream("/axe.min.js")) {
      driver.executeScript(new String(axe.readAllBytes(), StandardCharsets.UTF_8));
    }
    return String.valueOf(
        driver.executeAsyncScript(
            """
            const done = arguments[arguments.length - 1];
            axe.run().then((found) => done(found.violations.flatMap((one) => one.nodes
              .map((node) => `${one.id}: ${node.target.join(' ')}: ${node.failureSummary}`)).join('\\n')),
              (error) => done(String(error)));
            """));
  }

  /** What the page's scripts and its policy complained about since the last call. */
  List<String> complaints() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
        .map(LogEntry::getMessage)
        .toList();
  }

  /** Scheme, host and port of everybody that was asked for something since the last call. */
  List<String> asked() {
    return driver.manage().logs().get(LogType.PERFORMANCE).getAll().stream()
        .map(entry -> REQUEST.matcher(entry.getMessage()))
        .filter(Matcher::find)
        .map(request -> request.group(1))
        .distinct()
        .toList();
  }

  @Override
  public void close() {
    driver.quit();
  }
}

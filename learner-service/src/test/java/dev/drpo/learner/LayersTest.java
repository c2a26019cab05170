package dev.drpo.learner;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Arrows point down: what learns knows nothing of what it is called from. */
@AnalyzeClasses(packages = "dev.drpo.learner", importOptions = ImportOption.DoNotIncludeTests.class)
class LayersTest {
  private static final String OBJECTIVE = "dev.drpo.learner.objective..";

  @ArchTest
  static final ArchRule theObjectivesArePlainJava =
      classes()
          .that()
          .resideInAPackage(OBJECTIVE)
          .and()
          .doNotHaveSimpleName("Objectives")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("java..", OBJECTIVE);

  @ArchTest
  static final ArchRule theirMakerKnowsTheConfigurationBesides =
      classes()
          .that()
          .haveSimpleName("Objectives")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("java..", OBJECTIVE, "dev.drpo.runtime.config..");

  @ArchTest
  static final ArchRule theDomainKnowsNeitherFrameworksNorTransports =
      noClasses()
          .that()
          .resideInAnyPackage(
              OBJECTIVE,
              "dev.drpo.learner.step..",
              "dev.drpo.learner.data..",
              "dev.drpo.learner.checkpoint..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.quarkus..",
              "io.grpc..",
              "io.smallrye..",
              "jakarta..",
              "org.apache.kafka..",
              "dev.drpo.proto..",
              "dev.drpo.runtime.messaging..");

  @ArchTest
  static final ArchRule theTensorLibraryIsSeenByTheRunOnly =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.drpo.learner.run..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("ai.djl..");

  @ArchTest
  static final ArchRule inTheRunTheTensorLibraryIsSeenByWhatOpensItOnly =
      noClasses()
          .that()
          .resideInAPackage("dev.drpo.learner.run..")
          .and()
          .doNotHaveSimpleName("TrainingDevices")
          .and()
          .doNotHaveSimpleName("RunVersions")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("ai.djl..");

  @ArchTest
  static final ArchRule theFrameworkIsSeenByTheServiceEdgeOnly =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.drpo.learner.service..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.quarkus..", "jakarta..", "io.micrometer..", "io.grpc..");
}

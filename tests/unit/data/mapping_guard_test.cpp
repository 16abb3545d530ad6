#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fallline/data/mapping_guard.hpp>
#include <fallline/data/open.hpp>
#include <fallline/data/parts.hpp>
#include <fallline/data/save.hpp>
#include <fallline/objective/evaluation.hpp>
#include <fallline/train/train.hpp>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "files/mapped_file.hpp"
#include "files/mappings.hpp"
#include "support/refusal.hpp"
#include "support/scratch.hpp"

namespace fallline {
namespace {

using testing::HasSubstr;

std::string records(std::size_t count) {
  std::string bytes(count * 3073, '\7');
  for (std::size_t i = 0; i < count; ++i) {
    bytes[i * 3073] = static_cast<char>(i % 10);
    bytes[i * 3073 + 1 + i % 10] = '\x70';
  }
  return bytes;
}

/// What a process ends with that does `work` alone: its status, or −signal.
int alone(const std::function<int()>& work) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(work());
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

TEST(MappingGuard, OfAFileThatIsCutShortZerosAreReadAndItsNameIsTold) {
  const test::Scratch scratch;
  const auto path = scratch.file("set", std::string(40'000, 'x'));
  const MappingGuard guard;
  const auto file = MappedFile::open(path);
  EXPECT_FALSE(MappingGuard::lost());
  std::filesystem::resize_file(path, 8192);
  EXPECT_EQ(file->bytes()[8191], std::byte{'x'});
  EXPECT_EQ(file->bytes()[30'000], std::byte{0});
  EXPECT_EQ(file->bytes()[9000], std::byte{0});
  const auto lost = MappingGuard::lost();
  ASSERT_TRUE(lost);
  EXPECT_EQ(lost->kind(), ErrorKind::bad_input);
  EXPECT_EQ(lost->where().file, path.string());
  EXPECT_THROW(require_mappings(), Error);
}

TEST(MappingGuard, WhatWasLostIsKnownAfterItIsUnmappedAndForgottenWithTheGuard) {
  const test::Scratch scratch;
  const auto path = scratch.file("set", std::string(40'000, 'x'));
  {
    const MappingGuard guard;
    auto file = MappedFile::open(path);
    std::filesystem::resize_file(path, 0);
    EXPECT_EQ(file->bytes()[0], std::byte{0});
    file.reset();
    EXPECT_EQ(MappingGuard::lost()->where().file, path.string());
  }
  EXPECT_FALSE(MappingGuard::lost());
  EXPECT_NO_THROW(require_mappings());
}

TEST(MappingGuard, WithoutOneTheLibraryLeavesTheSignalAlone) {
  struct sigaction before {};
  ::sigaction(SIGBUS, nullptr, &before);
  {
    const MappingGuard outer;
    const MappingGuard inner;
  }
  struct sigaction after {};
  ::sigaction(SIGBUS, nullptr, &after);
  EXPECT_EQ(after.sa_handler, before.sa_handler);
#ifndef FALLLINE_TEST_SANITIZED
  const test::Scratch scratch;
  const auto path = scratch.file("set", std::string(40'000, 'x'));
  const auto file = MappedFile::open(path);
  std::filesystem::resize_file(path, 0);
  EXPECT_EQ(alone([&] { return static_cast<int>(file->bytes()[0]); }), -SIGBUS);
#endif
}

TEST(MappingGuard, ASignalFromElsewhereDoesWhatItDidBefore) {
#ifdef FALLLINE_TEST_SANITIZED
  GTEST_SKIP() << "the sanitizer has a handler of its own";
#endif
  const auto raised = [] {
    const MappingGuard guard;
    ::raise(SIGBUS);
    return 0;
  };
  EXPECT_EQ(alone(raised), -SIGBUS);
  const auto handled = [&] {
    ::signal(SIGBUS, [](int) { ::_exit(42); });
    return raised();
  };
  EXPECT_EQ(alone(handled), 42);
}

/// Cuts the file short at a step, and keeps what it is told then.
class CutAtStep : public Listener {
 public:
  CutAtStep(std::filesystem::path file, std::uint64_t step) : file_(std::move(file)), step_(step) {}
  void on(const Event& event) override {
    if (const auto* step = std::get_if<StepTaken>(&event)) {
      last_step = step->step;
      if (step->step <= step_) before.assign(step->parameters.begin(), step->parameters.end());
      if (step->step == step_) std::filesystem::resize_file(file_, 0);
    }
    if (const auto* ready = std::get_if<WeightsReady>(&event)) kept = ready->model.parameters;
    ended = ended || std::holds_alternative<RunEnded>(event);
  }

  std::uint64_t last_step = 0;
  std::vector<float> before;  ///< the weights at which the step was taken
  std::vector<float> kept;
  bool ended = false;

 private:
  std::filesystem::path file_;
  std::uint64_t step_;
};

TEST(MappingGuard, ARunEndsAtOnceAndItsWeightsAreThoseOfTheLastWholeStep) {
  const test::Scratch scratch;
  const auto path = scratch.file("set.bin", records(100));
  const auto other = scratch.file("other.bin", records(100));
  const TrainOptions options{.batch_size = 20, .epochs = 100};
  Workers workers(2);
  CutAtStep watch(path, 7);
  {
    const MappingGuard guard;
    const Parts parts = divide(open(path), {.test = 0, .validation = 0});
    Listener* const listeners[] = {&watch};
    const Error error = test::refusal([&] { return train(parts, options, workers, listeners); });
    EXPECT_EQ(error.kind(), ErrorKind::bad_input);
    EXPECT_EQ(error.where().file, path.string());
    EXPECT_EQ(watch.last_step, 7U);
    EXPECT_FALSE(watch.ended);
  }
  // Step 7 was whole: its update was made of what was read before the file was cut.
  CutAtStep undisturbed(scratch.file("unused", ""), 8);
  Listener* const listeners[] = {&undisturbed};
  (void)train(divide(open(other), {.test = 0, .validation = 0}), options, workers, listeners);
  EXPECT_EQ(watch.kept, undisturbed.before);
}

TEST(MappingGuard, NoFiguresAreMadeOfZeros) {
  const test::Scratch scratch;
  const auto path = scratch.file("set.bin", records(50));
  const MappingGuard guard;
  const Parts parts = divide(open(path), {.test = 0, .validation = 0});
  Workers workers(2);
  const Classifier model = train(parts, {.epochs = 2}, workers).model;
  std::filesystem::resize_file(path, 0);
  const auto refused = [](const std::function<void()>& work) {
    return std::string(test::refusal([&] { return work(), 0; }).what());
  };
  EXPECT_THAT(refused([&] { (void)evaluate(model, parts.train, workers); }),
              HasSubstr("became shorter"));
  EXPECT_THAT(refused([&] { predict(model, parts.train, workers, [](const Prediction&) {}); }),
              HasSubstr("became shorter"));
  EXPECT_THAT(
      refused([&] { (void)Preprocessing::fit(PreprocessingKind::mean, parts.train, workers); }),
      HasSubstr("became shorter"));
  EXPECT_THAT(refused([&] { (void)open(scratch.file("other.csv", "a,label\n1,x\n")); }),
              HasSubstr("became shorter"));
}

TEST(MappingGuard, AFileThatWasCutWithinItsLastPageIsLostAtTheNextLook) {
  const test::Scratch scratch;
  const auto path = scratch.file("set", std::string(300, 'x'));
  const MappingGuard guard;
  const auto file = MappedFile::open(path);
  EXPECT_NO_THROW(require_whole_mappings());
  std::filesystem::resize_file(path, 200);
  EXPECT_NO_THROW(require_mappings());  // there was no signal
  EXPECT_THROW(require_whole_mappings(), Error);
  EXPECT_EQ(MappingGuard::lost()->where().file, path.string());
}

TEST(MappingGuard, LostDataAreNoBetterForAGuardThatWent) {
  const test::Scratch scratch;
  const auto path = scratch.file("set", std::string(40'000, 'x'));
  auto guard = std::make_unique<MappingGuard>();
  auto file = MappedFile::open(path);
  std::filesystem::resize_file(path, 0);
  EXPECT_EQ(file->bytes()[0], std::byte{0});
  guard.reset();
  EXPECT_THROW(require_mappings(), Error);
  file.reset();
  { const MappingGuard another; }
  EXPECT_NO_THROW(require_mappings());
}

TEST(MappingGuard, ASetIsNotOverwrittenWithTheZerosOfALostFile) {
  const test::Scratch scratch;
  const std::string record(3073, '\x01');
  const auto source = scratch.file("source/data_batch_1.bin", record + record + record);
  const MappingGuard guard;
  const Dataset data = open(source.parent_path()).train;
  save(data, nullptr, scratch / "target", "idx");
  const std::string before = test::content(scratch / "target/train-images-idx3-ubyte");
  std::filesystem::resize_file(source, 0);
  EXPECT_THROW(save(data, nullptr, scratch / "target", "idx", {.overwrite = true}), Error);
  std::string after;
  for (const auto& entry : std::filesystem::directory_iterator(scratch / "target"))
    if (entry.path().filename() == "train-images-idx3-ubyte") after = test::content(entry.path());
  EXPECT_EQ(after, before);
}

TEST(ChangedFiles, AreToldOnceBySizeOrTimeAndNotWhereAnotherTookTheName) {
  const test::Scratch scratch;
  const auto grown = scratch.file("grown", "abc");
  const auto touched = scratch.file("touched", "abc");
  const auto replaced = scratch.file("replaced", "abc");
  const auto untouched = scratch.file("untouched", "abc");
  (void)take_changed_files();
  {
    const auto a = MappedFile::open(grown);
    const auto b = MappedFile::open(touched);
    const auto c = MappedFile::open(replaced);
    const auto d = MappedFile::open(untouched);
    std::ofstream(grown, std::ios::app) << "d";
    std::filesystem::last_write_time(
        touched, std::filesystem::last_write_time(touched) + std::chrono::seconds(2));
    std::filesystem::rename(scratch.file("new", "abcd"), replaced);
    EXPECT_THAT(take_changed_files(), testing::ElementsAre(grown.string(), touched.string()));
    EXPECT_THAT(take_changed_files(), testing::IsEmpty());
    std::ofstream(untouched, std::ios::app) << "d";
  }
  EXPECT_THAT(take_changed_files(), testing::ElementsAre(untouched.string()));
}

}  // namespace
}  // namespace fallline

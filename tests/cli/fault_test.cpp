// What happens to a run from outside: signals, files that are cut short, threads that do not start.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include "tool.hpp"

namespace fallline::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::HasSubstr;

/// Waits for `there`, a minute at most.
template <class There>
void wait_until(There there) {
  for (int i = 0; i < 6000 && !there(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
}

bool has_bytes(const fs::path& file) {
  std::error_code error;
  return fs::file_size(file, error) > 0 && !error;
}

/// A run that is under way, and would be for hours.
Process run_under_way(const Tool& tool, std::vector<std::string> before = {}) {
  const std::string set = tool.small_set();
  before.insert(before.end(),
                {FALLLINE_TOOL, "train", set, "--epochs", "1000000", "-o", "run", "-q"});
  Process process(tool.scratch().path(), before);
  wait_until([&] { return has_bytes(tool.scratch() / "run" / "history.jsonl.partial"); });
  return process;
}

TEST(Faults, EverySignalThatAsksForAnEndSavesTheRun) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGXCPU}) {
    const Tool tool;
    Process process = run_under_way(tool);
    process.send(signal);
    const Outcome outcome = process.wait();
    EXPECT_EQ(outcome.status, 130) << signal << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr("saved in run")) << signal;
    for (const char* name : {"model.safetensors", "history.jsonl", "summary.json"})
      EXPECT_TRUE(fs::exists(tool.scratch() / "run" / name)) << signal << ' ' << name;
    EXPECT_EQ(tool({"evaluate", "run", "-q"}).status, 0) << signal;
  }
}

TEST(Faults, ATerminalOrABatchSystemMaySignalTwice) {
  for (const int signal : {SIGHUP, SIGUSR1, SIGXCPU}) {
    const Tool tool;
    Process process = run_under_way(tool);
    for (int i = 0; i < 5; ++i) process.send(signal);
    EXPECT_EQ(process.wait().status, 130) << signal;
    EXPECT_TRUE(fs::exists(tool.scratch() / "run" / "summary.json")) << signal;
  }
}

TEST(Faults, UnderNohupAHangUpIsNone) {
  const Tool tool;
  Process process = run_under_way(tool, {"/usr/bin/nohup"});
  process.send(SIGHUP);
  const fs::path history = tool.scratch() / "run" / "history.jsonl.partial";
  const auto seen = fs::file_size(history);
  wait_until([&] { return fs::file_size(history) > seen + 100'000; });
  EXPECT_GT(fs::file_size(history), seen + 100'000);
  process.send(SIGTERM);
  EXPECT_EQ(process.wait().status, 130);
}

TEST(Faults, CtrlCDuringTheCertificateLeavesTheWholeRun) {
  const Tool tool;
  // Many classes make the certificate long; the descent before it is one step.
  std::ofstream table(tool.scratch() / "many.csv");
  table << "x,y,label\n";
  for (int i = 0; i < 12'000; ++i) table << i % 97 << ',' << i % 61 << ",c" << i % 600 << '\n';
  table.close();
  Process process = tool.start({"train", "many.csv", "--loss", "hinge", "--l2", "1e-6", "--epochs",
                                "1", "-b", "full", "--certificate", "-q", "-o", "run"});
  wait_until([&] { return fs::exists(tool.scratch() / "run" / "model.safetensors"); });
  process.send(SIGINT);
  const Outcome outcome = process.wait();
  EXPECT_EQ(outcome.status, 130) << outcome.err;
  const json summary =
      json::parse(content(tool.scratch() / "run" / "summary.json"), nullptr, false);
  EXPECT_EQ(summary["stop_reason"], "interrupted");
  EXPECT_GT(summary["train"]["examples"], 0);
  EXPECT_THAT(summary["notes"].dump(), HasSubstr("interrupted: "));
}

TEST(Faults, AFileThatIsCutShortEndsTheRunWithItsNameAndTheWeightsFromBefore) {
  const Tool tool;
  Process process = run_under_way(tool);
  fs::resize_file(tool.scratch() / "small" / "data_batch_1.bin", 0);
  const Outcome outcome = process.wait();
  EXPECT_EQ(outcome.status, 3) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("data_batch_1.bin: became shorter"));
  EXPECT_THAT(outcome.err, HasSubstr("saved in run"));
  for (const char* name : {"model.safetensors", "history.jsonl", "epochs.jsonl"})
    EXPECT_TRUE(fs::exists(tool.scratch() / "run" / name)) << name;
  EXPECT_FALSE(fs::exists(tool.scratch() / "run" / "summary.json"));
  (void)tool({"data", "make", "other", "--train", "1000", "--test", "100"});
  EXPECT_EQ(tool({"evaluate", "run", "other", "-q"}).status, 0);
}

TEST(Faults, AFileThatIsCutShortEndsASearchAndASweepInTheSameWay) {
  const std::vector<std::vector<std::string>> commands{
      {"search", "local", "--tries", "100000000", "-o", "run"},
      {"sweep", "train", "--epochs", "100000000"},
      {"sweep", "gradient-noise", "--draws", "100000000"},
  };
  for (const auto& words : commands) {
    const Tool tool;
    std::vector<std::string> all{words};
    all.insert(all.begin() + 2, tool.small_set());
    all.emplace_back("--quiet");
    Process process = tool.start(all);
    // By then the data were read.
    ASSERT_TRUE(process.until([&] { return process.handles(SIGINT); })) << words[0];
    fs::resize_file(tool.scratch() / "small" / "data_batch_1.bin", 0);
    const Outcome outcome = process.wait();
    EXPECT_EQ(outcome.status, 3) << words[0] << ' ' << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr("data_batch_1.bin")) << words[0];
  }
}

TEST(Faults, AFileThatChangesMeanwhileIsSaid) {
  const Tool tool;
  Process process = run_under_way(tool);
  {
    std::fstream batch(tool.scratch() / "small" / "data_batch_1.bin",
                       std::ios::in | std::ios::out | std::ios::binary);
    batch.put('\1');
  }
  process.send(SIGTERM);
  const Outcome outcome = process.wait();
  EXPECT_EQ(outcome.status, 130) << outcome.err;
  const json summary =
      json::parse(content(tool.scratch() / "run" / "summary.json"), nullptr, false);
  EXPECT_THAT(summary["notes"].dump(), HasSubstr("data_batch_1.bin changed while it was read"));
}

TEST(Faults, ThreadsThatDoNotStartAreAnErrorOfMemory) {
  const Tool tool;
  // 1,024 stacks of 8 MiB do not fit into 4 GB of addresses.
  const std::string command = "ulimit -v 4000000; exec " + std::string(FALLLINE_TOOL) + " train " +
                              tool.small_set() + " --epochs 1 -q --threads 1024 -o run";
  const Outcome outcome = Process(tool.scratch().path(), {"/bin/sh", "-c", command}).wait();
#ifdef FALLLINE_TEST_SANITIZED
  GTEST_SKIP() << "a sanitizer takes all of the address space";
#endif
  EXPECT_EQ(outcome.status, 5) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("of 1024 threads could be started"));
}

TEST(Faults, ANameThatIsNotUtf8IsRefusedBeforeARunBegins) {
  const Tool tool;
  (void)tool.scratch().file("labels.csv", "a,b,label\n1,2,x\n2,3,caf\xE9\n3,4,x\n");
  (void)tool.scratch().file("header.csv", "a,caf\xE9,label\n1,2,x\n2,3,y\n3,4,x\n");
  for (const char* set : {"labels.csv", "header.csv"})
    for (const auto& words :
         std::vector<std::vector<std::string>>{{"train", set, "-o", "run"},
                                               {"search", "random", set, "-o", "run"},
                                               {"data", "info", set, "--format", "json"}}) {
      const Outcome outcome = tool(words);
      EXPECT_EQ(outcome.status, 3) << set << ' ' << words[0] << outcome.err;
      EXPECT_THAT(outcome.err, HasSubstr("is not UTF-8")) << set;
      EXPECT_EQ(outcome.out, "");
      EXPECT_FALSE(fs::exists(tool.scratch() / "run" / "run.toml"));
    }
}

TEST(Faults, ThousandsOfClassesFitIntoWhatThePlanSays) {
  const Tool tool;
  std::ofstream table(tool.scratch() / "many.csv");
  table << "x,y,label\n";
  for (int i = 0; i < 6000; ++i) table << i << ',' << i % 7 << ",c" << i % 3000 << '\n';
  table.close();
  const Outcome outcome = tool({"train", "many.csv", "--epochs", "1", "-q", "-o", "run"});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const json summary =
      json::parse(content(tool.scratch() / "run" / "summary.json"), nullptr, false);
  EXPECT_LT(fs::file_size(tool.scratch() / "run" / "summary.json"), 1U << 20U);
#ifndef FALLLINE_TEST_SANITIZED
  // The program itself takes some 50 MiB.
  EXPECT_LT(outcome.peak_kib * 1024L,
            summary["configuration"]["memory_bytes"].get<long>() + (80L << 20));
#endif
  EXPECT_EQ(tool({"evaluate", "run", "-q"}).status, 0);
  EXPECT_EQ(tool({"report", "run", "-q"}).status, 0);
}

}  // namespace
}  // namespace fallline::test

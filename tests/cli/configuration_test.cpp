#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstring>
#include <filesystem>
#include <string>

#include "support/hostile.hpp"
#include "tool.hpp"

namespace fallline::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// Rows that are learned at once.
std::string two_classes() {
  std::string csv = "a,b,label\n";
  for (int i = 0; i < 20; ++i) csv += i % 2 == 0 ? "1.5,2,x\n" : "-1.5,1,y\n";
  return csv;
}

TEST(ConfigurationFile, ARunOnDataOfAnyNameIsEvaluatedAndRepeatedFromItsRunToml) {
  const Tool tool;
  std::vector<std::string> names = hostile_texts();
  for (const std::string& name : not_utf8()) names.push_back(name);
  names.emplace_back("in#1/x.csv");
  int tried = 0;
  for (std::string name : names) {
    name = "d" + std::to_string(++tried) + name;
    if (name.size() > 200 || name.find('/') == 0) continue;
    (void)tool.scratch().file(name, two_classes());
    const std::string run = "run" + std::to_string(tried);
    const json first = tool.train({name, "--data-format", "csv", "--epochs", "2", "-o", run});
    ASSERT_TRUE(first.is_object()) << name;
    const Outcome evaluated = tool({"evaluate", run, "-q", "--format", "json"});
    EXPECT_EQ(evaluated.status, 0) << name << evaluated.err;
    EXPECT_EQ(json::parse(evaluated.out, nullptr, false), first["test"]) << name;
    const json again = tool.train({"--config", run + "/run.toml", "-o", run + "b"});
    ASSERT_TRUE(again.is_object()) << name;
    EXPECT_EQ(again["weights_hash"], first["weights_hash"]) << name;
    EXPECT_EQ(content(tool.scratch() / (run + "b") / "run.toml"),
              content(tool.scratch() / run / "run.toml"))
        << name;
  }
}

TEST(ConfigurationFile, AColumnCalledAsANumberStaysThatColumn) {
  const Tool tool;
  for (const char* name : {"0.07", "1.50", "1e5", "true", "-0", "0x10", "inf"}) {
    (void)tool.scratch().file("x.csv", std::string("a,") + name + ",1.5\n" +
                                           "1,x,3\n2,y,4\n3,x,5\n4,y,6\n5,x,7\n6,y,8\n");
    fs::remove_all(tool.scratch() / "a");
    fs::remove_all(tool.scratch() / "b");
    const json first = tool.train({"x.csv", "--header", "--label-column", name, "-o", "a"});
    const json again = tool.train({"--config", "a/run.toml", "-o", "b"});
    ASSERT_TRUE(first.is_object() && again.is_object()) << name;
    EXPECT_EQ(again["weights_hash"], first["weights_hash"]) << name;
  }
}

TEST(ConfigurationFile, OfVersion01IsReadAlsoWhereItCouldNotReadItItself) {
  const Tool tool;
  (void)tool.scratch().file("in#1/x.csv", two_classes());
  const std::string data = (tool.scratch() / "in#1/x.csv").string();
  const json now = tool.train({data, "--epochs", "3", "--seed", "18446744073709551615", "-o", "a"});
  (void)tool.scratch().file(
      "old.toml",
      "# fallline 0.1.0; repeat with: fallline train --config run.toml\ndata = \"" + data +
          "\"\nindex-base = -1\nfeatures = 0\ntest-share = 0.2\nvalidation-share = 0.1\n"
          "seed = 18446744073709551615\nmodel = \"linear\"\nloss = \"softmax\"\nepochs = 3\n"
          "learning-rate = 0\nbatch-size = \"auto\"\n");
  const json old = tool.train({"--config", "old.toml", "-o", "b"});
  ASSERT_TRUE(old.is_object());
  EXPECT_EQ(old["weights_hash"], now["weights_hash"]);
}

TEST(ConfigurationFile, ANumberThatDoesNotFitIsRefusedWhereverItStands) {
  const Tool tool;
  (void)tool.scratch().file("x.csv", two_classes());
  const std::vector<std::vector<const char*>> numbers{{"seed", "18446744073709551616"},
                                                      {"seed", "18446744073709551617"},
                                                      {"epochs", "99999999999999999999"},
                                                      {"epochs", "1e30"},
                                                      {"patience", "36893488147419103232"},
                                                      {"learning-rate", "1e999"},
                                                      {"learning-rate", "1e-999"},
                                                      {"l2", "1e309"},
                                                      {"l1", "0.0001e-400"},
                                                      {"features", "0x10000000000000000"},
                                                      {"memory", "99999999999999999999"},
                                                      {"batch-size", "18446744073709551617"},
                                                      {"index-base", "-9223372036854775809"},
                                                      {"threads", "18446744073709551617"},
                                                      {"memory", "-1"},
                                                      {"memory", "MB"},
                                                      {"seed", "-1"},
                                                      {"seed", "010"},
                                                      {"batch-size", "010"}};
  for (const auto& words : numbers) {
    const std::string name = words[0];
    const std::string number = words[1];
    const Outcome said = tool({"train", "x.csv", "--" + name, number, "-o", "r"});
    EXPECT_EQ(said.status, 2) << name << ' ' << number << said.err;
    EXPECT_NE(said.err.find(number), std::string::npos) << said.err;
    for (const std::string& value : {number, '"' + number + '"'}) {
      (void)tool.scratch().file("c.toml", "# mine\n" + name + " = " + value + "\n");
      const Outcome read = tool({"train", "x.csv", "--config", "c.toml", "-o", "r"});
      const bool named_later = name == "batch-size" && value != number;
      EXPECT_EQ(read.status, named_later ? 2 : 3) << name << " = " << value << read.err;
      EXPECT_NE(read.err.find(named_later ? "batch size" : "c.toml: row 2"), std::string::npos)
          << read.err;
    }
  }
  EXPECT_FALSE(fs::exists(tool.scratch() / "r"));
  EXPECT_EQ(tool({"sweep", "train", "x.csv", "--seed", "18446744073709551617"}).status, 2);
  ASSERT_TRUE(tool.train({"x.csv", "-o", "r"}).is_object());
  EXPECT_EQ(tool({"landscape", "r", "--directions", "axis:18446744073709551617"}).status, 2);
}

TEST(ConfigurationFile, WhatIsWrongInItIsNamedWithItsLine) {
  const Tool tool;
  for (const char* line :
       {"nokey = 1", "loss = hinge", "[train]", "lr = [0.1, 0.2]", "epochs = true", "a.b.c = 1",
        "drop-last = \"maybe\"", "seed = -1", "data = \"x\\u0000y\"", "data = \"\"", "l2 = \"\"",
        "help = true", "run-directory = \"r\""}) {
    (void)tool.scratch().file("c.toml", std::string("lr = 0.1\n") + line + "\n");
    const Outcome outcome = tool({"train", "--config", "c.toml"});
    EXPECT_EQ(outcome.status, 3) << line << outcome.err;
    EXPECT_NE(outcome.err.find("c.toml: row 2"), std::string::npos) << line << outcome.err;
  }
  EXPECT_EQ(tool({"train", "--config", "none.toml"}).status, 3);
  // What was cut to nothing must not become a run with all defaults.
  for (const char* text : {"", "# fallline 0.1.0; repeat with: fallline train\n", "\n\n"}) {
    (void)tool.scratch().file("c.toml", text);
    EXPECT_EQ(tool({"train", "--config", "c.toml"}).status, 3) << text;
  }
}

/// Runs a command that must end by itself in little memory.
Outcome refused(const Tool& tool, const std::vector<std::string>& words) {
  const Outcome outcome = tool(words);
  EXPECT_EQ(outcome.status, 3) << testing::PrintToString(words) << outcome.err;
  EXPECT_LT(outcome.peak_kib, 200'000) << testing::PrintToString(words);
  return outcome;
}

TEST(HostileFiles, APipeOrADeviceIsRefusedByEveryOptionThatNamesAFile) {
  const Tool tool;
  (void)tool.scratch().file("x.csv", two_classes());
  ASSERT_TRUE(tool.train({"x.csv", "-o", "run"}).is_object());
  ASSERT_EQ(::mkfifo((tool.scratch() / "pipe").c_str(), 0600), 0);
  fs::create_symlink("pipe", tool.scratch() / "pipe.toml");
  fs::create_symlink("/dev/zero", tool.scratch() / "zero");
  fs::create_symlink("/dev/zero", tool.scratch() / "zero.toml");
  for (const std::string file : {"pipe", "zero"}) {
    (void)refused(tool, {"train", file});
    (void)refused(tool, {"train", "x.csv", "--test", file});
    (void)refused(tool, {"train", "--config", file});
    (void)refused(tool, {"train", "x.csv", "--model", file + ".toml"});
    (void)refused(tool, {"train", "x.csv", "--schedule", "replay:file=" + file});
    (void)refused(tool, {"search", "all", "--config", file});
    (void)refused(tool, {"evaluate", file, "x.csv"});
    (void)refused(tool, {"predict", file, "x.csv"});
    (void)refused(tool, {"export", file, "x.onnx"});
    (void)refused(tool, {"landscape", file, "x.csv"});
    (void)refused(tool, {"landscape", "run", "--directions", "to:" + file});
    (void)refused(tool, {"sweep", "lr", "x.csv", "--start", file});
    (void)refused(tool, {"smooth", file});
    (void)refused(tool, {"data", "info", file});
    (void)refused(tool, {"report", file});
    (void)refused(tool, {"report", "run", "--with", file});
  }
  // In the place of a file of a run.
  for (const char* name : {"run.toml", "model.safetensors"}) {
    fs::create_directory(tool.scratch() / name);
    fs::create_symlink("../pipe", tool.scratch() / name / name);
  }
  (void)refused(tool, {"evaluate", "model.safetensors", "x.csv"});
  fs::copy(tool.scratch() / "run/model.safetensors", tool.scratch() / "run.toml/model.safetensors");
  (void)refused(tool, {"evaluate", "run.toml"});
}

TEST(HostileFiles, DeepOrWideTextIsRefusedInLittleMemory) {
  const Tool tool;
  (void)tool.scratch().file("x.csv", two_classes());
  ASSERT_TRUE(tool.train({"x.csv", "-o", "run"}).is_object());
  const std::string brackets(20'000'000, '[');
  const std::uint64_t length = brackets.size();
  std::string header(8, '\0');
  std::memcpy(header.data(), &length, 8);
  (void)tool.scratch().file("m.safetensors", header + brackets);
  (void)refused(tool, {"evaluate", "m.safetensors", "x.csv", "--memory", "100MB"});
  (void)refused(tool, {"evaluate", "m.safetensors", "x.csv"});
  std::string dotted;
  for (int i = 0; i < 100'000; ++i) dotted += "a.";
  (void)tool.scratch().file("c.toml", dotted + "a = 1\n");
  (void)refused(tool, {"train", "--config", "c.toml"});
  (void)refused(tool, {"train", "x.csv", "--model", "c.toml"});
  (void)tool.scratch().file("deep.jsonl", "{\"loss\":" + std::string(200'000, '[') + "\n");
  (void)refused(tool, {"smooth", "deep.jsonl"});
  (void)refused(tool, {"train", "x.csv", "--schedule", "replay:file=deep.jsonl"});
}

TEST(HostileFiles, StandardInputIsStillRead) {
  const Tool tool;
  (void)tool.scratch().file("numbers", "1\n2\n3\n");
  (void)tool.scratch().file("run.sh", std::string(FALLLINE_TOOL) + " smooth - < numbers\n");
  const int status = std::system(
      ("cd '" + tool.scratch().path().string() + "' && sh run.sh > out 2> err").c_str());
  EXPECT_EQ(status, 0) << content(tool.scratch() / "err");
}

}  // namespace
}  // namespace fallline::test

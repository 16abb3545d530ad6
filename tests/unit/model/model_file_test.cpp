#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <fallline/error.hpp>
#include <fallline/model/model_file.hpp>
#include <limits>
#include <string>

#include "support/datasets.hpp"
#include "support/hostile.hpp"
#include "support/refusal.hpp"
#include "support/scratch.hpp"

namespace fallline {
namespace {

Classifier small_model() {
  Classifier model{.network = Network(3, 4), .parameters = test::random_vector<float>(15, 1)};
  model.preprocessing = {
      .kind = PreprocessingKind::feature, .mean = {1, 2, 3, 4}, .scale = {0.5F, 0, 2, 1e-30F}};
  model.loss = {.kind = LossKind::squared_hinge, .delta = 0.1};
  model.penalty = {.l2 = 1e-5, .l1 = 0.3};
  model.schema.class_names = {"a \"quoted\" name", "-1", "größe"};
  model.schema.feature_names = {"p", "q", "r", "s"};
  model.schema.shape = ImageShape{.channels = 1, .height = 2, .width = 2};
  return model;
}

TEST(ModelFile, ReadsBackToTheBitWhatWasWritten) {
  const test::Scratch scratch;
  const Classifier model = small_model();
  save_model(model, scratch / "model.safetensors");
  for (const auto& path : {scratch / "model.safetensors", scratch.path()}) {
    const Classifier read = load_model(path);
    EXPECT_EQ(read.weights_hash(), model.weights_hash());
    EXPECT_EQ(read.preprocessing, model.preprocessing);
    EXPECT_EQ(read.loss, model.loss);
    EXPECT_EQ(read.penalty, model.penalty);
    EXPECT_EQ(read.schema.class_names, model.schema.class_names);
    EXPECT_EQ(read.schema.feature_names, model.schema.feature_names);
    EXPECT_EQ(read.schema.shape, model.schema.shape);
  }
}

TEST(ModelFile, TheSameModelGivesTheSameBytes) {
  const test::Scratch scratch;
  save_model(small_model(), scratch / "a");
  save_model(small_model(), scratch / "b");
  EXPECT_EQ(test::content(scratch / "a"), test::content(scratch / "b"));
}

TEST(ModelFile, TruncatedAnywhereItIsRefused) {
  const test::Scratch scratch;
  save_model(small_model(), scratch / "model");
  const std::string whole = test::content(scratch / "model");
  // Every byte of the length, the end of the header, and a prime stride through the rest.
  for (std::size_t n = 0; n < whole.size(); n += n < 16 || whole.size() - n < 16 ? 1 : 7) {
    const auto path = scratch.file("part", whole.substr(0, n));
    try {
      (void)load_model(path);
      FAIL() << "the first " << n << " bytes were accepted";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::bad_input) << n << error.what();
    }
  }
}

TEST(ModelFile, AnyOneByteChangedItIsReadOrRefusedButNeverCrashes) {
  const test::Scratch scratch;
  save_model(small_model(), scratch / "model");
  const std::string whole = test::content(scratch / "model");
  constexpr std::array bytes{'\0', '9', '"', '\x7f', '\xff'};
  for (std::size_t i = 0; i < whole.size(); ++i) {
    std::string changed = whole;
    changed[i] = bytes[i % bytes.size()];
    try {
      (void)load_model(scratch.file("changed", changed));
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::bad_input) << i << error.what();
    }
  }
}

std::string with_header(const std::string& header) {
  const std::uint64_t length = header.size();
  std::string file(8, '\0');
  std::memcpy(file.data(), &length, 8);
  return file + header;
}

TEST(ModelFile, HostileHeadersAreRefused) {
  const test::Scratch scratch;
  const std::string meta =
      R"("__metadata__":{"format":"fallline","version":"1","loss":"softmax","delta":"1",)"
      R"("l2":"0","l1":"0","preprocessing":"none","class_names":"[]","feature_names":"[]"})";
  const std::vector<std::string> files{
      "",
      std::string(8, '\xff'),
      with_header("[1]"),
      with_header("{}"),
      with_header(R"({"__metadata__":7})"),
      with_header(R"({"__metadata__":{"format":"other","version":"1"}})"),
      with_header("{" + meta + R"(,"weight":{"dtype":"F32","shape":[4294967296,4294967296],)" +
                  R"("data_offsets":[0,0]}})"),
      with_header("{" + meta + R"(,"weight":{"dtype":"F32","shape":[2,-1],"data_offsets":[0,8]}})"),
      with_header("{" + meta + R"(,"weight":{"dtype":"F64","shape":[0,0],"data_offsets":[0,0]}})"),
      with_header(std::string(100'000, '['))};
  for (const std::string& bytes : files)
    EXPECT_THROW((void)load_model(scratch.file("hostile", bytes)), Error) << bytes.substr(0, 60);
  EXPECT_THROW((void)load_model(scratch / "absent"), Error);
}

TEST(ModelFile, EveryNameAndNumberReadsBack) {
  const test::Scratch scratch;
  Classifier model = small_model();
  model.schema.class_names = test::hostile_texts();
  model.network = Network(model.schema.class_names.size(), 4);
  model.parameters = test::random_vector<float>(model.network.parameters(), 1);
  model.parameters[0] = -0.F;
  model.parameters[1] = std::numeric_limits<float>::denorm_min();
  model.parameters[2] = std::numeric_limits<float>::max();
  for (std::size_t i = 0; i + 4 <= test::hostile_texts().size(); i += 4) {
    const auto first = model.schema.class_names.begin() + std::ptrdiff_t(i);
    model.schema.feature_names.assign(first, first + 4);
    for (const double value : test::extreme_numbers()) {
      model.penalty = {.l2 = value, .l1 = -value};
      save_model(model, scratch / "model");
      const Classifier read = load_model(scratch / "model");
      ASSERT_EQ(read.schema.class_names, model.schema.class_names);
      ASSERT_EQ(read.schema.feature_names, model.schema.feature_names);
      ASSERT_EQ(read.penalty, model.penalty);
      ASSERT_EQ(read.weights_hash(), model.weights_hash());
    }
  }
}

/// A saved model with one part of its header replaced.
std::string with_changed_header(const std::filesystem::path& file, const std::string& from,
                                const std::string& to) {
  const std::string whole = test::content(file);
  std::uint64_t length = 0;
  std::memcpy(&length, whole.data(), 8);
  std::string header = whole.substr(8, length);
  const std::size_t at = header.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  header.replace(at, from.size(), to);
  return with_header(header) + whole.substr(8 + length);
}

TEST(ModelFile, ASizeWhoseProductWrapsAroundIsRefused) {
  const test::Scratch scratch;
  Classifier model = small_model();
  model.network = Network(1, 30001);
  model.parameters.assign(30002, 0);
  model.preprocessing = Preprocessing::identity(30001);
  model.schema.class_names = {"a"};
  model.schema.feature_names.clear();
  model.schema.shape = ImageShape{.channels = 1, .height = 30001, .width = 1};
  save_model(model, scratch / "model");
  const std::string good = R"(\"channels\":1,\"height\":30001,)";
  // 3 · 12297829382473044411 = 30001 modulo 2^64
  for (const char* shape :
       {R"(\"channels\":3,\"height\":12297829382473044411,)",
        R"(\"channels\":-1,\"height\":30001,)", R"(\"channels\":1e300,\"height\":30001,)",
        R"(\"channels\":1.5,\"height\":30001,)", R"(\"channels\":0,\"height\":30001,)"}) {
    const auto file = scratch.file("changed", with_changed_header(scratch / "model", good, shape));
    EXPECT_EQ(test::refusal([&] { return load_model(file); }).kind(), ErrorKind::bad_input)
        << shape;
  }
  EXPECT_EQ((ImageShape{.channels = 3, .height = 12297829382473044411U, .width = 1}.features()),
            std::numeric_limits<std::size_t>::max());
}

TEST(ModelFile, AHeaderCannotTakeMoreThanItIsAllowed) {
  const test::Scratch scratch;
  const auto kind = [&](const std::string& header, std::uint64_t limit) {
    const auto file = scratch.file("hostile", with_header(header));
    return test::refusal([&] { return load_model(file, limit); }).kind();
  };
  std::string empties = "{\"a\":[";
  for (int i = 0; i < 1'000'000; ++i) empties += "[],";
  empties += "[]]}";
  EXPECT_EQ(kind(empties, 20'000'000), ErrorKind::not_enough_memory);
  EXPECT_EQ(kind(std::string(20'000'000, '['), 100'000'000), ErrorKind::bad_input);
  save_model(small_model(), scratch / "model");
  EXPECT_EQ(test::refusal([&] { return load_model(scratch / "model", 100); }).kind(),
            ErrorKind::not_enough_memory);
}

TEST(ModelFile, NumbersThatAreNotFiniteAreRefused) {
  const test::Scratch scratch;
  Classifier model = small_model();
  model.parameters[1] = std::numeric_limits<float>::quiet_NaN();
  save_model(model, scratch / "model");
  EXPECT_NE(std::string(test::refusal([&] { return load_model(scratch / "model"); }).what())
                .find("not finite"),
            std::string::npos);
}

TEST(ModelFile, TensorsFollowOneAnotherToTheEnd) {
  const test::Scratch scratch;
  save_model(small_model(), scratch / "model");
  const std::string bytes = test::content(scratch / "model");
  const auto problem = [&scratch](const std::string& content) {
    const auto file = scratch.file("changed", content);
    return test::refusal([&file] { return load_model(file); }).problem();
  };
  const std::string four(4, '\0');
  EXPECT_THAT(problem(bytes + four), testing::HasSubstr("96 bytes of data, and its tensors 92"));
  EXPECT_THAT(problem(bytes.substr(0, bytes.size() - 4)),
              testing::HasSubstr("cut short: 88 of 92 bytes"));
  const auto with_last_tensor_at = [&bytes](const std::string& offsets) {
    std::string other = bytes;
    return other.replace(other.find("[76,92]"), 7, offsets);
  };
  EXPECT_THAT(problem(with_last_tensor_at("[60,76]")), testing::HasSubstr("follow one another"));
  EXPECT_THAT(problem(with_last_tensor_at("[80,96]") + four),
              testing::HasSubstr("at byte 76 of the data"));
}

TEST(ModelFile, TensorsThatLieOverOneAnotherTakeNoMoreThanTheFileHas) {
  const test::Scratch scratch;
  Classifier model = small_model();
  model.schema.shape.reset();
  model.network = Network::parse("mlp:64", 4, 3);
  model.parameters.assign(model.network.parameters(), 1);
  save_model(model, scratch / "model");
  // A deep network all of whose layers are that one: 1000 times the memory of the file.
  std::string text;
  for (int l = 2; l <= 300; ++l)
    text += "; l" + std::to_string(l) + " = dense(64) of l" + std::to_string(l - 1);
  const auto file = scratch.file(
      "changed",
      with_changed_header(scratch / "model", "layer1 = dense(64) of input",
                          "l1 = dense(64) of input" + text + "; layer1 = dense(64) of l300"));
  const Error error = test::refusal([&] { return load_model(file); });
  EXPECT_EQ(error.kind(), ErrorKind::bad_input);
  EXPECT_NE(error.problem().find("no room"), std::string::npos) << error.what();
}

}  // namespace
}  // namespace fallline

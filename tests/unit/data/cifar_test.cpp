#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "data/examined.hpp"
#include "data/reader.hpp"
#include "support/binary_sets.hpp"
#include "support/reading.hpp"
#include "support/refusal.hpp"
#include "support/scratch.hpp"

namespace fallline::data {
namespace {

using test::cifar_record;
using testing::ElementsAre;
using testing::HasSubstr;

Source read_cifar(const std::filesystem::path& path, const OpenOptions& options = {}) {
  return cifar_reader.read(Examined(path).candidate(), options);
}

bool recognises_cifar(const std::filesystem::path& path) {
  return cifar_reader.recognises(Examined(path).candidate());
}

void write_ten(const test::Scratch& scratch) {
  (void)scratch.file("batches.meta.txt", "ant\r\nbee\ncat\n\n");
  (void)scratch.file("data_batch_1.bin", cifar_record({2}, 7) + cifar_record({0}, 8));
  (void)scratch.file("data_batch_2.bin", cifar_record({1}, 9));
  (void)scratch.file("test_batch.bin", cifar_record({1}, 5));
}

TEST(Cifar, ADirectoryOfBatchesIsATrainingAndATestPart) {
  const test::Scratch scratch;
  write_ten(scratch);
  const Source source = read_cifar(scratch.path());
  EXPECT_EQ(source.format, "cifar");
  EXPECT_THAT(test::classes(source.train), ElementsAre("cat", "ant", "bee"));
  EXPECT_EQ(source.train.cell(2, 3071), 9);
  EXPECT_EQ(source.train.shape(), (ImageShape{3, 32, 32}));
  ASSERT_TRUE(source.test);
  EXPECT_THAT(test::classes(*source.test), ElementsAre("bee"));
  EXPECT_EQ(source.test->cell(0, 0), 5);
}

TEST(Cifar, RowsLieWhereTheFileIsMapped) {
  const test::Scratch scratch;
  const Source source = read_cifar(scratch.file("b.bin", cifar_record({1}) + cifar_record({2})));
  EXPECT_EQ(source.train.cells(), CellType::u8);
  EXPECT_EQ(source.train.rows()[1] - source.train.rows()[0], 3073);
  EXPECT_EQ(source.train.storage_bytes(), 2 * 3073U);
}

TEST(Cifar, TheFineLabelOfAHundredClassesCounts) {
  const test::Scratch scratch;
  const auto path = scratch.file("train.bin", cifar_record({3, 99}) + cifar_record({19, 4}));
  const Source source = read_cifar(path);
  EXPECT_THAT(test::classes(source.train), ElementsAre("99", "4"));
  EXPECT_THAT(source.notes, ElementsAre(HasSubstr("fine"), HasSubstr("fine_label_names.txt")));
}

TEST(Cifar, ASizeThatBothLayoutsFitIsDecidedByTheLabels) {
  const test::Scratch scratch;
  std::string ten;
  for (int i = 0; i < 3074; ++i) ten += cifar_record({i % 10}, 200);
  EXPECT_EQ(read_cifar(scratch.file("ten.bin", ten)).train.size(), 3074U);
  std::string hundred;
  for (int i = 0; i < 3073; ++i) hundred += cifar_record({i % 20, i % 100}, 200);
  EXPECT_EQ(read_cifar(scratch.file("hundred.bin", hundred)).train.size(), 3073U);
}

TEST(Cifar, IsRecognisedByItsSizeAndLabelsWhateverItsName) {
  const test::Scratch scratch;
  EXPECT_TRUE(recognises_cifar(scratch.file("a", cifar_record({9}) + cifar_record({0}))));
  EXPECT_TRUE(recognises_cifar(scratch.file("b", cifar_record({19, 99}))));
  EXPECT_FALSE(recognises_cifar(scratch.file("c", cifar_record({9}) + cifar_record({10}))));
  EXPECT_FALSE(recognises_cifar(scratch.file("d", cifar_record({9}) + "xy")));
  EXPECT_FALSE(recognises_cifar(scratch.path() / "."));
}

TEST(Cifar, ALabelOutOfRangeIsNamedWithFileRowAndByte) {
  const test::Scratch scratch;
  write_ten(scratch);
  const auto wrong = scratch.file("data_batch_2.bin", cifar_record({1}) + cifar_record({3}));
  const Error error = test::refusal([&] { return read_cifar(scratch.path()); });
  EXPECT_EQ(error.kind(), ErrorKind::bad_input);
  EXPECT_EQ(error.where().file, wrong.string());
  EXPECT_EQ(error.where().row, 2U);
  EXPECT_EQ(error.where().byte, 3073U);
  EXPECT_THAT(error.what(), HasSubstr("the label 3 is outside 0..2"));
}

TEST(Cifar, EveryTruncationWithinARecordIsRefused) {
  const test::Scratch scratch;
  test::expect_every_prefix_refused(
      cifar_record({1}).append(cifar_record({2}).substr(1)),
      [&](std::string_view bytes) { (void)read_cifar(scratch.file("cut.bin", bytes)); }, 61);
}

TEST(Cifar, BytesAfterTheLastRecordAreRefusedWithTheirPlace) {
  const test::Scratch scratch;
  const auto path = scratch.file("more.bin", cifar_record({1}) + "abc");
  const Error error = test::refusal([&] { return read_cifar(path); });
  EXPECT_EQ(error.where().byte, 3073U);
  EXPECT_THAT(error.what(), HasSubstr("3 bytes are left"));
}

TEST(Cifar, ADirectoryWithoutTrainingBatchesIsRefused) {
  const test::Scratch scratch;
  (void)scratch.file("test_batch.bin", cifar_record({1}));
  EXPECT_THAT(test::refusal([&] { return read_cifar(scratch.path()); }).what(),
              HasSubstr("no training batches"));
}

TEST(Cifar, NamesOfClassesMustBeThereAndDiffer) {
  const test::Scratch scratch;
  write_ten(scratch);
  const auto refusal = [&] { return test::refusal([&] { return read_cifar(scratch.path()); }); };
  (void)scratch.file("batches.meta.txt", "ant\nbee\nant\n");
  EXPECT_THAT(refusal().what(), HasSubstr("'ant' twice"));
  (void)scratch.file("batches.meta.txt", "\n\n");
  EXPECT_THAT(refusal().what(), HasSubstr("names no classes"));
}

TEST(Cifar, WhatCannotFitIsRefusedBeforeItIsRead) {
  const test::Scratch scratch;
  write_ten(scratch);
  EXPECT_EQ(test::refusal([&] {
              return read_cifar(scratch.path(), {.memory_limit = 4 * 3073 - 1});
            }).kind(),
            ErrorKind::not_enough_memory);
  EXPECT_EQ(read_cifar(scratch.path(), {.memory_limit = 4 * 3073}).train.size(), 3U);
}

}  // namespace
}  // namespace fallline::data

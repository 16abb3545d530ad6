#include <fmt/format.h>
#include <zip.h>

#include <algorithm>
#include <fallline/error.hpp>
#include <fallline/memory.hpp>
#include <memory>
#include <vector>

#include "data/array_header.hpp"
#include "data/array_set.hpp"
#include "data/cell_memory.hpp"
#include "data/examined.hpp"
#include "data/text.hpp"
#include "files/mapped_file.hpp"

namespace fallline::data {
namespace {

constexpr std::string_view ending = ".npy";

struct Discard {
  void operator()(zip_t* archive) const { zip_discard(archive); }
  void operator()(zip_file_t* member) const { zip_fclose(member); }
};

/// A zip archive over a mapped file.
class Archive {
 public:
  explicit Archive(const std::filesystem::path& path)
      : path_(path.string()), file_(MappedFile::open(path)) {
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t* source =
        zip_source_buffer_create(file_->bytes().data(), file_->bytes().size(), 0, &error);
    if (source != nullptr)
      archive_.reset(zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error));
    const std::string why = zip_error_strerror(&error);
    zip_error_fini(&error);
    if (archive_) return;
    if (source != nullptr) zip_source_free(source);
    throw bad_input({.file = path_}, "is no sound zip archive: " + why,
                    "fetch or save the file again");
  }

  /// Without the ending .npy, which NumPy adds to the names of arrays.
  [[nodiscard]] std::vector<std::string> arrays() const {
    std::vector<std::string> names;
    for (zip_int64_t i = 0; i < zip_get_num_entries(archive_.get(), 0); ++i) {
      const char* entry = zip_get_name(archive_.get(), static_cast<zip_uint64_t>(i), 0);
      const std::string_view name = entry == nullptr ? "" : entry;
      if (name.ends_with(ending)) names.emplace_back(name.substr(0, name.size() - ending.size()));
    }
    return names;
  }

  /// The names of all files in it.
  [[nodiscard]] std::vector<std::string> entries() const {
    std::vector<std::string> names;
    for (zip_int64_t i = 0; i < zip_get_num_entries(archive_.get(), 0); ++i) {
      const char* entry = zip_get_name(archive_.get(), static_cast<zip_uint64_t>(i), 0);
      if (entry != nullptr) names.emplace_back(entry);
    }
    return names;
  }

  [[nodiscard]] Array read(const std::string& array, std::uint64_t memory_limit) const {
    const std::string name = array + std::string(ending);
    const std::string place = path_ + "/" + name;
    const std::uint64_t size = size_of(name, place);
    require_memory(sum(size, file_->bytes().size()), memory_limit, place, "allow more memory");
    const auto bytes = make_cells<std::byte>(size);
    const std::unique_ptr<zip_file_t, Discard> member(zip_fopen(archive_.get(), name.c_str(), 0));
    if (!member) throw bad_input({.file = place}, zip_strerror(archive_.get()));
    std::uint64_t read = 0;
    zip_int64_t step = 0;
    while ((step = zip_fread(member.get(), bytes.get() + read, size - read)) > 0)
      read += static_cast<std::uint64_t>(step);
    // One byte more: this is where the end, and with it the checksum, is looked at.
    std::byte beyond;
    if (step == 0) step = zip_fread(member.get(), &beyond, 1);
    if (step < 0 || read < size)
      throw bad_input({.file = place, .byte = read},
                      fmt::format("cannot be unpacked: {}", zip_file_strerror(member.get())),
                      "fetch or save the file again");
    if (step > 0) throw bad_input({.file = place, .byte = read}, "is longer than the archive says");
    return parse_npy({.owner = bytes, .bytes = {bytes.get(), size}}, place);
  }

 private:
  /// The size that the archive claims; a claim that deflate cannot keep is refused.
  [[nodiscard]] std::uint64_t size_of(const std::string& name, const std::string& place) const {
    constexpr std::uint64_t most_per_byte = 1032;  // zlib's technical notes: at most 1032:1
    zip_stat_t status;
    zip_stat_init(&status);
    if (zip_stat(archive_.get(), name.c_str(), 0, &status) != 0)
      throw bad_input({.file = place}, zip_strerror(archive_.get()));
    const std::uint64_t packed = std::min<std::uint64_t>(status.comp_size, file_->bytes().size());
    if (status.size > product(packed, most_per_byte))
      throw bad_input(
          {.file = place},
          fmt::format("claims {} bytes, which the {} packed ones cannot hold", status.size, packed),
          "fetch or save the file again");
    return status.size;
  }

  std::string path_;
  std::shared_ptr<const MappedFile> file_;
  std::unique_ptr<zip_t, Discard> archive_;
};

bool recognises_npz(const Candidate& candidate) {
  const std::string_view head(reinterpret_cast<const char*>(candidate.head.data()),
                              candidate.head.size());
  return !candidate.gzipped && (head.starts_with("PK\x03\x04") || head.starts_with("PK\x05\x06"));
}

/// The names that the labels number, where the archive has them.
std::vector<std::string> take_class_names(const Archive& archive, std::vector<std::string>& arrays,
                                          std::uint64_t memory_limit) {
  const std::string name = "class_names";
  if (std::erase(arrays, name) == 0) return {};
  const LabelMap map = labels_of(archive.read(name, memory_limit), memory_limit);
  std::vector<std::string> names;
  for (const std::int32_t label : map.labels)
    names.push_back(map.class_names[static_cast<std::size_t>(label)]);
  return names;
}

/// A zip archive that NumPy did not write: of what others put into one.
Error no_arrays(const std::string& file, const std::vector<std::string>& entries) {
  const auto any = [&entries](std::string_view beginning, std::string_view ending_with) {
    return std::ranges::any_of(entries, [&](const std::string& name) {
      return name.starts_with(beginning) && name.ends_with(ending_with);
    });
  };
  std::string advice = "unpack it first, and name the file or directory that was in it";
  if (any("xl/", ".xml") || any("xl/", ".bin") || any("", "content.xml"))
    advice = "it is a workbook: save the sheet as CSV first";
  else if (any("", "data.pkl"))
    advice = "it is a PyTorch file: save the tensors with numpy.savez first";
  return bad_input({.file = file}, "is a zip archive without NumPy arrays (.npy)", advice);
}

Source read_npz(const Candidate& candidate, const OpenOptions& options) {
  const Archive archive(candidate.path);
  std::vector<std::string> arrays = archive.arrays();
  if (arrays.empty()) throw no_arrays(candidate.path.string(), archive.entries());
  std::vector<std::string> names = take_class_names(archive, arrays, options.memory_limit);
  ArrayChoice choice = choose_arrays(candidate.path.string(), arrays);
  choice.class_names = std::move(names);
  if (!choice.class_names.empty())
    choice.notes.emplace_back("the labels number the names in class_names");
  const auto load = [&archive](const std::string& name, std::uint64_t memory_limit) {
    return archive.read(name, memory_limit);
  };
  return source_of_arrays(std::move(choice), load, "npz", options.memory_limit);
}

}  // namespace

const Reader npz_reader{
    .name = "npz",
    .description = "NumPy archive: arrays x and y, or x_train, y_train, x_test and y_test",
    .recognises = recognises_npz,
    .read = read_npz,
};

}  // namespace fallline::data

#include <fallline/landscape/save.hpp>

#include "files/atomic_file.hpp"

namespace fallline::landscape {

void save(const std::string& json, const std::filesystem::path& file) { write_file(file, json); }

}  // namespace fallline::landscape

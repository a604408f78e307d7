"""The public library: the names of `import loader`, collected from the rooms below.

Each is imported under its own name, which re-exports it for type checkers. `loader.__all__` lists
them; docs/library.md states how stable they are.
"""

from loader.archive.write.batch import Counts as Counts
from loader.errors import ArchiveError as ArchiveError
from loader.errors import LoaderError as LoaderError
from loader.errors import SourceError as SourceError
from loader.ingest.write import LoadResult as LoadResult
from loader.library.archive import Archive as Archive
from loader.library.reading import parse as parse
from loader.library.reading import read as read
from loader.library.records import StoredArticle as StoredArticle
from loader.library.records import StoredQuote as StoredQuote
from loader.library.records import StoredSnapshot as StoredSnapshot
from loader.library.records import TradingDay as TradingDay
from loader.model import Article as Article
from loader.model import Board as Board
from loader.model import Capture as Capture
from loader.model import Listing as Listing
from loader.model import Problem as Problem
from loader.model import Quote as Quote
from loader.model import Revisit as Revisit
from loader.model import Snapshot as Snapshot
from loader.model import Table as Table
from loader.model import Teaser as Teaser
from loader.model import TextLink as TextLink
from loader.sources import PassedOver as PassedOver
from loader.sources import ReadOptions as ReadOptions
from loader.sources import Skipped as Skipped
